import { MeshFault } from '../mesh/byte-reader'
import { ByteWriter } from '../mesh/byte-writer'
import { frameBody } from '../mesh/piece'

/**
 * [Note: A show at a relay]
 * What the broadcaster posts to `/live/NAME.we` of a relay, and what a viewer reads there: frames as on stripe streams
 * (length u16, type u8, body; piece.ts), of which these types occur nowhere else:
 *   64 manifest: the signed manifest; the first frame, for each reader too
 *   65 group: chunk u32; a viewer can begin with this chunk, whose pieces follow
 *   66 record: a signed record that is in no chunk: the final one
 * All data stripes are in it, no parity. A relay needs to understand 64 and 65 only and is trusted with nothing: a
 * viewer verifies every piece and record as if a peer had sent it.
 */
const MANIFEST = 64
const GROUP = 65
const RECORD = 66

export type RelayedFrame =
  | { type: 'manifest'; signed: Uint8Array }
  | { type: 'group'; chunk: number }
  | { type: 'record'; signed: Uint8Array }
  /** Of a stripe stream, with its length before it; not looked into. */
  | { type: 'piece'; frame: Uint8Array }

export function encodeManifestFrame(signed: Uint8Array): Uint8Array {
  return encode(MANIFEST, signed)
}

export function encodeGroupFrame(chunk: number): Uint8Array {
  return encode(GROUP, new ByteWriter(4).u32(chunk).bytes)
}

export function encodeRecordFrame(signed: Uint8Array): Uint8Array {
  return encode(RECORD, signed)
}

/** @param frame with its length before it. Throws MeshFault. */
export function decodeRelayedFrame(frame: Uint8Array): RelayedFrame {
  const body = frameBody(frame)
  const rest = body.subarray(1)
  switch (body[0]) {
    case MANIFEST:
      return { type: 'manifest', signed: rest }
    case GROUP:
      if (rest.length !== 4) throw new MeshFault('malformed', 'a group without its chunk')
      return { type: 'group', chunk: new DataView(rest.buffer, rest.byteOffset).getUint32(0) }
    case RECORD:
      return { type: 'record', signed: rest }
    default:
      return { type: 'piece', frame }
  }
}

function encode(type: number, body: Uint8Array): Uint8Array {
  return new ByteWriter(3 + body.length)
    .u16(1 + body.length)
    .u8(type)
    .put(body).bytes
}
