import { z } from 'zod'
import { publicKeyOfPeerId } from '../live/peer-id-key'
import { parseShareLink } from '../share/share-link'
import { parseLiveUrl } from '../live/live-url'

const PeerIdText = z.string().refine((text) => publicKeyOfPeerId(text) !== null)

/** A broadcaster, by the peer id in the links of its lives. */
export const KeptChannel = z.object({
  peerId: PeerIdText,
  /** Who it was, or what was on, when it was chosen; empty: nothing was known. */
  name: z.string().max(120),
})
export type KeptChannel = z.infer<typeof KeptChannel>

export const MOST_KEPT_CHANNELS = 200

/** Whose lives this computer keeps and passes on, also while nobody watches them here. */
export const KeepChoice = z.object({
  who: z.enum(['nobody', 'chosen', 'everybody']),
  /** Stays while `who` says otherwise, so that going back is one press. */
  channels: z.array(KeptChannel).max(MOST_KEPT_CHANNELS),
})
export type KeepChoice = z.infer<typeof KeepChoice>

/** Of a new person: nothing is fetched that nobody asked for. */
export const KEEP_NOBODY: KeepChoice = { who: 'nobody', channels: [] }

/** Peer ids whose lives are kept. */
export function keptPeers({ who, channels }: KeepChoice): string[] | 'all' {
  if (who === 'everybody') return 'all'
  return who === 'chosen' ? channels.map(({ peerId }) => peerId) : []
}

/** The broadcaster in a text that was pasted: a peer id, or the link of a live in either form. Null: there is none. */
export function broadcasterIn(text: string): string | null {
  const trimmed = text.trim()
  if (publicKeyOfPeerId(trimmed) !== null) return trimmed
  const target = parseShareLink(trimmed)?.target
  return target?.type === 'live' ? parseLiveUrl(target.url).peerId : null
}

/** A live that is kept right now, or that should be. */
export const KeptShow = z.object({
  url: z.string(),
  peerId: z.string(),
  title: z.string(),
  /** `failed`: tried again by itself, as long as the live is on. */
  state: z.enum(['joining', 'keeping', 'failed']),
  /** Of the show, kept so far. */
  bytes: z.number(),
  /** Why it failed, in words for the person; else empty. */
  message: z.string(),
})
export type KeptShow = z.infer<typeof KeptShow>
