import { z } from 'zod'

/**
 * What a like, comment, share, report or label is about, as a string: the CID of an entry (`bafy...`), a person
 * (`acct:0x...`), a channel (`chan:0x.../slug`) or a file (`ipfs:<CID>`). Equal subjects are equal strings.
 */
export type Subject =
  | { readonly type: 'entry'; readonly id: string }
  | { readonly type: 'person'; readonly account: string }
  | { readonly type: 'channel'; readonly account: string; readonly slug: string }
  | { readonly type: 'file'; readonly cid: string }

const ACCOUNT = '0x[0-9a-f]{40}'
const SLUG = '[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?'
/** CIDv1 in base32 with sha2-256: dag-cbor for entries (`bafyrei`); any codec for files. */
const ENTRY = /^bafyrei[a-z2-7]{52}$/
const FILE = /^b[a-z2-7]{50,70}$/
const PERSON = new RegExp(`^acct:(${ACCOUNT})$`)
const CHANNEL = new RegExp(`^chan:(${ACCOUNT})/(${SLUG})$`)

/** Short name of a channel in its address: 1 to 40 of a-z, 0-9 and `-`, not at either end. */
export const Slug = z.string().regex(new RegExp(`^${SLUG}$`))

/** Null for every text that is no subject. Never throws. */
export function parseSubject(text: string): Subject | null {
  if (ENTRY.test(text)) return { type: 'entry', id: text }
  const [, person] = PERSON.exec(text) ?? []
  if (person !== undefined) return { type: 'person', account: person }
  const [, owner, slug] = CHANNEL.exec(text) ?? []
  if (owner !== undefined && slug !== undefined) return { type: 'channel', account: owner, slug }
  if (text.startsWith('ipfs:') && FILE.test(text.slice(5))) return { type: 'file', cid: text.slice(5) }
  return null
}

export function formatSubject(subject: Subject): string {
  switch (subject.type) {
    case 'entry':
      return subject.id
    case 'person':
      return `acct:${subject.account}`
    case 'channel':
      return `chan:${subject.account}/${subject.slug}`
    case 'file':
      return `ipfs:${subject.cid}`
  }
}

/** A subject inside a body or a request: at most 90 characters. */
export const SubjectText = z
  .string()
  .max(90)
  .refine((text) => parseSubject(text) !== null)

/** A person or a channel: what can be followed. */
export const FollowableText = z
  .string()
  .max(90)
  .refine((text) => PERSON.test(text) || CHANNEL.test(text))

/** A channel: `chan:0x.../slug`. */
export const ChannelText = z.string().max(90).regex(CHANNEL)

/** The CID of an entry. */
export const EntryId = z.string().regex(ENTRY)
