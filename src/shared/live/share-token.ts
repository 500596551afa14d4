import { base64url } from 'multiformats/bases/base64'
import { z } from 'zod'
import { MAX_GIFT_NAME } from '../gifts/gift-limits'
import { bytesToHex, hexToBytes } from '../gifts/hex-bytes'
import { plainWords } from '../gifts/plain-words'
import type { Address, Bytes32 } from '../money/address'
import { keyGrantProblem, type SignedKeyGrant } from '../wallet/key-grant'
import { MAX_TOKEN_BYTES, MAX_TOKEN_LETTERS } from './share-limits'
import { openRecord, RecordRefused, sealRecord, type Sign, type Verify } from './signed-record'

const DOMAIN = 'we-studio/share-token/1'
const VERSION = 1
/** A link is for a live; one that is kept for later earns nothing any more. */
export const SHARE_SECONDS = 7 * 24 * 3600
/** Clocks of two computers may differ by so much. */
const CLOCK_SECONDS = 600
/** What the grant of the device must allow: sharing is a record of the account (community.md 4). */
const SCOPE = 'record'

const bytes = (size: number) => z.instanceof(Uint8Array).refine((value) => value.length === size)

/** One letter a field: the link is read by people. The grant is spread out: account, keys, scopes, times, signature. */
const Wire = z.strictObject({
  v: z.literal(VERSION),
  s: bytes(32),
  e: z.int().positive(),
  w: plainWords(MAX_GIFT_NAME).optional(),
  a: bytes(20),
  d: bytes(32),
  x: bytes(32),
  c: z.string().max(200),
  f: z.int().min(0),
  u: z.int().min(0),
  n: z.int().min(0),
  g: bytes(65),
})

/**
 * Who sent a link: the account that gets the sharer's part of the gifts that come through it (community.md 4, `share`).
 * Signed by a device of the account, whose grant travels with it, so that whoever opens the link can check it alone.
 */
export interface ShareToken {
  /** What is shared: `contentIdOf` the show's CID. */
  subject: Bytes32
  /** Unix seconds. */
  expires: number
  /** What the sharer calls themselves; their word only. Empty: nothing. */
  name: string
  /** Account and device that share. */
  grant: SignedKeyGrant
}

/** The token as it stands in a link: base64url without padding. `sign` is the device's. */
export function sealShareToken({ subject, expires, name, grant }: ShareToken, sign: Sign): string {
  const wire = Wire.parse({
    ...{ v: VERSION, s: hexToBytes(subject), e: expires },
    ...(name === '' ? {} : { w: name }),
    ...{ a: hexToBytes(grant.account), d: hexToBytes(grant.device), x: hexToBytes(grant.x25519) },
    ...{ c: grant.scopes, f: grant.notBefore, u: grant.expires, n: grant.nonce, g: hexToBytes(grant.signature) },
  })
  return base64url.baseEncode(sealRecord(DOMAIN, wire, sign))
}

/**
 * Reads the token of a link for this show and checks all of it. Throws RecordRefused with the reason, in words for a log.
 * @param now Unix seconds
 */
export function openShareToken(
  text: string,
  { subject, now, verify }: { subject: Bytes32; now: number; verify: Verify },
): { sharer: Address; name: string; expires: number } {
  if (text.length > MAX_TOKEN_LETTERS) throw new RecordRefused('malformed', `a token of ${text.length} letters`)
  const record = openRecord(DOMAIN, decoded(text), MAX_TOKEN_BYTES)
  record.requireVersion(VERSION)
  const parsed = Wire.safeParse(record.fields)
  if (!parsed.success) throw new RecordRefused('malformed', 'not the shape of a sharer’s token')
  const { s, e, w = '', a, d, x, c, f, u, n, g } = parsed.data
  if (bytesToHex(s) !== subject) throw new RecordRefused('wrong-show', 'the token is for another show')
  if (now >= e) throw new RecordRefused('malformed', 'the token has run out')
  if (e > now + SHARE_SECONDS + CLOCK_SECONDS) throw new RecordRefused('malformed', 'the token would hold for too long')
  record.requireSignature(d, verify)
  const grant: SignedKeyGrant = {
    ...{ account: bytesToHex(a), device: bytesToHex(d), x25519: bytesToHex(x), scopes: c },
    ...{ notBefore: f, expires: u, nonce: n, signature: bytesToHex(g) },
  }
  const problem = keyGrantProblem(grant, { device: grant.device, scope: SCOPE, now })
  if (problem !== null) throw new RecordRefused('wrong-signature', `the grant of the sharer’s device: ${problem}`)
  return { sharer: grant.account, name: w, expires: e }
}

/** Only the one spelling of the bytes: bits left over in the last letter must be none. */
function decoded(text: string): Uint8Array {
  try {
    const read = base64url.baseDecode(text)
    if (base64url.baseEncode(read) === text) return read
  } catch {
    // no base64url
  }
  throw new RecordRefused('malformed', 'no base64url')
}
