import { z } from 'zod'
import { Account, bytes, Digest, FileCid, line, prose, TimeMs } from './body-fields'
import { encodeBody, readBody } from './entry-body'
import { EntryRefused } from './entry-refused'

/** An attachment: where it is, and the key if its bytes were sealed before they were given to peers. */
export const DirectFile = z.strictObject({
  cid: FileCid,
  name: line(200),
  type: z.string().regex(/^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/),
  size: z
    .int()
    .min(0)
    .max(2 ** 45),
  key: Digest.optional(),
})

const Text = z
  .strictObject({
    k: z.literal('text'),
    t: TimeMs,
    text: prose(4_000),
    reply: Digest.optional(),
    files: z.array(DirectFile).min(1).max(10).optional(),
  })
  .refine(({ text, files }) => text.trim() !== '' || files !== undefined)

/** Everything up to and with this message was read. */
const Read = z.strictObject({ k: z.literal('read'), t: TimeMs, upTo: Digest })
/** Only the owner's counts. */
const Title = z.strictObject({ k: z.literal('title'), t: TimeMs, title: line(100) })
/** A member asks the owner to add a device (by its MLS key package) or to take a person out; oneself: to leave. */
const Ask = z
  .strictObject({ k: z.literal('ask'), t: TimeMs, add: bytes(8_000).optional(), remove: Account.optional() })
  .refine(({ add, remove }) => (add === undefined) !== (remove === undefined))

/**
 * What is inside an encrypted message: a dag-cbor map in its one spelling. A message's id is not in it: it is the
 * SHA-256 of the encrypted message, which sender and receivers compute alike and nobody can choose.
 */
export const DirectMessage = z.union([Text, Read, Title, Ask])
export type DirectMessage = z.infer<typeof DirectMessage>
export type DirectFile = z.infer<typeof DirectFile>
export type DirectText = z.infer<typeof Text>
export type DirectAsk = z.infer<typeof Ask>

/** Throws EntryRefused `oversized` or `malformed`. */
export function encodeDirectMessage(message: DirectMessage): Uint8Array {
  return encodeBody(checked(message))
}

/** Throws EntryRefused `oversized`, `malformed` or `not-canonical`. */
export function readDirectMessage(plain: Uint8Array): DirectMessage {
  return checked(readBody(plain))
}

function checked(value: unknown): DirectMessage {
  const parsed = DirectMessage.safeParse(value)
  if (parsed.success) return parsed.data
  throw new EntryRefused('malformed', `no direct message: ${parsed.error.message.slice(0, 200)}`)
}
