import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { DAG_CBOR_CODEC, isContentCid, parseContentCid, RAW_CODEC } from './content-cid'
import { inOrder, MAX_RENDITIONS, RenditionId } from './rendition'
import { openRecord, RecordRefused, sealRecord, type Sign, type Verify } from './signed-record'

const DOMAIN = 'we-studio/segment-record/2'
const VERSION = 2
/** A record is about 340 bytes, and 130 more for each rendition beside the source. */
export const MAX_RECORD_BYTES = 1024
/** 2 s at 30 Mbit/s. A viewer allocates at most this for one segment, and only after the signature holds. */
export const MAX_SEGMENT_BYTES = 8 * 1024 * 1024
/** `ftyp` + `moov` of a fragmented file is about 1.3 kB. */
export const MAX_INIT_BYTES = 64 * 1024

const link = (codec: number) =>
  z
    .custom<CID>((value) => CID.asCID(value) === value && isContentCid(value as CID, codec))
    .transform((cid) => cid.toString())

const base = {
  v: z.literal(VERSION),
  /** CID of the show's manifest: a record of another show never fits. */
  show: link(DAG_CBOR_CODEC),
  /** 0 for the first of the show, then one more each. */
  seq: z.int().nonnegative().max(0xffff_ffff),
  /** Published, Unix milliseconds of the broadcaster's clock. */
  t: z.int().positive(),
  /** CID of the record with `seq` - 1, null for the first: chains the records, so that a second history shows. */
  prev: link(DAG_CBOR_CODEC).nullable(),
}

const RenditionFields = z.strictObject({
  id: RenditionId,
  initCid: link(RAW_CODEC),
  initSize: z.int().positive().max(MAX_INIT_BYTES),
  cid: link(RAW_CODEC),
  size: z.int().positive().max(MAX_SEGMENT_BYTES),
})
const SegmentFields = z.strictObject({
  ...base,
  durationMs: z.number().positive().max(60_000),
  /** The same pictures and sound in each; the source is always there and first, others come and go. */
  renditions: z.array(RenditionFields).min(1).max(MAX_RENDITIONS).refine(inOrder),
})
const FinalFields = z.strictObject({ ...base, final: z.literal(true) })

/** One rendition of a segment: the CIDs (as text) and sizes of its bytes and of its init. */
export type SegmentRendition = z.output<typeof RenditionFields>
/** One segment of a show: where it is in the sequence, and its renditions. */
export type SegmentRecord = z.output<typeof SegmentFields> & { final?: never }
/** The last record of a show: nothing comes after it. */
export type FinalRecord = z.output<typeof FinalFields>
export type ShowRecord = SegmentRecord | FinalRecord

function linkTo(text: string, codec: number): CID {
  const cid = parseContentCid(text, codec)
  if (cid === null) throw new TypeError(`no CID of the expected form: ${text}`)
  return cid
}

/** Signs a record; the bytes are what travels and what the next record's `prev` is taken of. Throws outside the shape. */
export function sealShowRecord(record: ShowRecord, sign: Sign): Uint8Array {
  const links = {
    show: linkTo(record.show, DAG_CBOR_CODEC),
    prev: record.prev === null ? null : linkTo(record.prev, DAG_CBOR_CODEC),
  }
  const fields = record.final
    ? { ...record, ...links }
    : {
        ...record,
        ...links,
        renditions: record.renditions.map(({ initCid, cid, ...rest }) => ({
          ...rest,
          initCid: linkTo(initCid, RAW_CODEC),
          cid: linkTo(cid, RAW_CODEC),
        })),
      }
  parseFields(fields)
  return sealRecord(DOMAIN, fields, sign)
}

/**
 * Reads and verifies the bytes of a record of the show `showCid`, signed by `publicKey`. Throws RecordRefused:
 * `malformed`, `other-version`, `wrong-signature`, or `wrong-show` for a good record of another show.
 */
export function openShowRecord(bytes: Uint8Array, showCid: string, publicKey: Uint8Array, verify: Verify): ShowRecord {
  const opened = openRecord(DOMAIN, bytes, MAX_RECORD_BYTES)
  opened.requireVersion(VERSION)
  let record: ShowRecord
  try {
    record = parseFields(opened.fields)
  } catch {
    throw new RecordRefused('malformed', 'not the shape of a segment record')
  }
  opened.requireSignature(publicKey, verify)
  if (record.show !== showCid) throw new RecordRefused('wrong-show', 'a record of another show')
  return record
}

function parseFields(fields: Record<string, unknown>): ShowRecord {
  const record: ShowRecord = 'final' in fields ? FinalFields.parse(fields) : SegmentFields.parse(fields)
  if ((record.seq === 0) !== (record.prev === null)) throw new TypeError('only the first record has no predecessor')
  return record
}
