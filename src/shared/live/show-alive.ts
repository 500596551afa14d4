import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { DAG_CBOR_CODEC, isContentCid, parseContentCid } from './content-cid'
import { MAX_RELAYS, RelayUrl } from './relay-url'
import { openRecord, RecordRefused, sealRecord, type Sign, type Verify } from './signed-record'

const DOMAIN = 'we-studio/show-alive/1'
export const MAX_ALIVE_BYTES = 768

const Fields = z.strictObject({
  v: z.literal(1),
  show: z
    .custom<CID>((value) => CID.asCID(value) === value && isContentCid(value as CID, DAG_CBOR_CODEC))
    .transform((cid) => cid.toString()),
  /** Unix milliseconds of the broadcaster's clock; grows from one to the next. */
  t: z.int().positive(),
  state: z.enum(['live', 'ended']),
  /** Relays that carry the show at present, for those whom peers cannot serve. */
  relays: z.array(RelayUrl).min(1).max(MAX_RELAYS).optional(),
})
/** The broadcaster's word, each 2 s, that its show is on, or once that it is over. */
export type ShowAlive = z.output<typeof Fields>

/** Signs a sign of life. Throws on a value outside the shape. */
export function sealAlive(alive: ShowAlive, sign: Sign): Uint8Array {
  const show = parseContentCid(alive.show, DAG_CBOR_CODEC)
  if (show === null) throw new TypeError(`no CID of a show: ${alive.show}`)
  const fields = { ...alive, show }
  Fields.parse(fields)
  return sealRecord(DOMAIN, fields, sign)
}

/** Reads and verifies a sign of life of the show `showCid`. Throws RecordRefused. */
export function openAlive(bytes: Uint8Array, showCid: string, publicKey: Uint8Array, verify: Verify): ShowAlive {
  const record = openRecord(DOMAIN, bytes, MAX_ALIVE_BYTES)
  const parsed = Fields.safeParse(record.fields)
  if (!parsed.success) throw new RecordRefused('malformed', 'not the shape of a sign of life')
  record.requireSignature(publicKey, verify)
  if (parsed.data.show !== showCid) throw new RecordRefused('wrong-show', 'a sign of life of another show')
  return parsed.data
}
