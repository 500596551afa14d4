import { z } from 'zod'
import { Account } from '../community/body-fields'
import { EntryId, Slug } from '../community/subject'
import { ShareNetwork } from '../share/share-network'
import { invoke, notify } from './channel'

/** What a link leads to (`ShareTarget`), for the window, which goes there. */
export const OpenedTarget = z.discriminatedUnion('type', [
  z.object({ type: z.literal('item'), id: EntryId, account: Account.exactOptional() }),
  z.object({ type: z.literal('person'), account: Account }),
  z.object({ type: z.literal('channel'), account: Account, slug: Slug }),
  z.object({ type: z.literal('list'), id: EntryId, account: Account.exactOptional() }),
  z.object({ type: z.literal('live'), url: z.string() }),
])
export type OpenedTarget = z.infer<typeof OpenedTarget>

/** The address of a page, without query and fragment; empty: none. */
export const WebBase = z
  .string()
  .max(200)
  .regex(/^(?:|https?:\/\/[^\s?#@]+)$/)
  .refine((text) => text === '' || URL.canParse(text))

/** A subject (`SubjectText`) or the `we://` address of a live. */
const Shareable = z.string().max(300)

export const ShareLinks = z.object({
  we: z.string(),
  /** For browsers; null: no page is set that could show it. */
  web: z.string().nullable(),
  /** Whose name it carries; `why` there is none: no account yet, or the wallet is locked. */
  why: z.enum(['no-account', 'locked']).nullable(),
})
export type ShareLinks = z.infer<typeof ShareLinks>

/** Links that go out and come in. The browser is only ever opened on an address that main has made. */
export const sharingSchema = {
  /** Rejects with `bad-share` for what cannot be shared. */
  links: invoke(z.object({ subject: Shareable, list: z.boolean().optional() }), ShareLinks),
  /** Takes a link to a network: opens the system browser or copies. */
  take: invoke(
    z.object({
      subject: Shareable,
      list: z.boolean().optional(),
      title: z.string().max(200),
      net: ShareNetwork,
      /** Of two forms of a link that is copied, the one for browsers. */
      web: z.boolean(),
    }),
    z.enum(['opened', 'copied']),
  ),
  /** A link that was typed or pasted; who sent it is kept. Null: it is none of ours. */
  read: invoke(z.string().max(4_096), OpenedTarget.nullable()),
  /** The link that the app was started with, once. */
  started: invoke(z.void(), OpenedTarget.nullable()),
  /** The system hands on a link that was pressed elsewhere. */
  opened: notify(OpenedTarget),
} as const
