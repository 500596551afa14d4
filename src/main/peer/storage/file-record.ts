import { decode, encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { FileCaptions } from './file-captions'
import { isFileCid } from './file-node'

/** What is kept of a file beside its blocks, deterministic dag-cbor; the list of blocks is a record of its own. */
const FileRecord = z.object({
  v: z.literal(1),
  cid: z.string(),
  title: z.string().max(200),
  size: z.number().int().min(0),
  pinned: z.boolean(),
  complete: z.boolean(),
  addedAt: z.number().int(),
  lastUsedAt: z.number().int(),
  servedBytes: z.number().int().min(0),
  /** Their blocks are among the file's, so they come and go with it. */
  captions: FileCaptions.optional(),
})
export type FileRecord = z.infer<typeof FileRecord>

/** A block of a file and its bytes on disk. */
export interface HeldBlock {
  cid: CID
  bytes: number
}

export function encodeRecord(record: FileRecord): Uint8Array {
  return encode(record)
}

/** Null for what is no record of ours. */
export function decodeRecord(bytes: Uint8Array): FileRecord | null {
  try {
    const parsed = FileRecord.safeParse(decode(bytes))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

export function encodeBlocks(blocks: Iterable<HeldBlock>): Uint8Array {
  return encode([...blocks].map(({ cid, bytes }) => [cid.bytes, bytes]))
}

/** Null for what is no list of blocks of ours. */
export function decodeBlocks(bytes: Uint8Array): HeldBlock[] | null {
  try {
    const list = z.array(z.tuple([z.instanceof(Uint8Array), z.number().int().min(0)])).parse(decode(bytes))
    const blocks = list.map(([cid, size]) => ({ cid: CID.decode(cid), bytes: size }))
    return blocks.every(({ cid }) => isFileCid(cid)) ? blocks : null
  } catch {
    return null
  }
}
