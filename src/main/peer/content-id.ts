import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { DAG_CBOR_CODEC, RAW_CODEC } from '@shared/live/content-cid'

const SHA2_256 = 0x12

function contentCid(codec: number, bytes: Uint8Array): CID {
  return CID.createV1(codec, Digest.create(SHA2_256, createHash('sha256').update(bytes).digest()))
}

/** CIDv1 (raw, sha2-256) of media bytes. */
export function rawCid(bytes: Uint8Array): CID {
  return contentCid(RAW_CODEC, bytes)
}

/** CIDv1 (dag-cbor, sha2-256) of the bytes of a signed record. */
export function recordCid(bytes: Uint8Array): CID {
  return contentCid(DAG_CBOR_CODEC, bytes)
}
