import { createCipheriv, createDecipheriv } from 'node:crypto'
import { StudioError } from '@shared/errors'

/** Plain bytes of a piece. */
const PIECE = 64 * 1024
const TAG = 16

/** Bytes of a sealed file of so many plain bytes. */
export function sealedSize(size: number): number {
  return size + TAG * Math.max(1, Math.ceil(size / PIECE))
}

/**
 * Seals a file that goes to peers by its CID: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM. Pieces
 * of 64 KiB, each followed by its tag; nonce = 00 * 7, number of the piece (u32, big-endian), 01 for the last piece and
 * 00 for others, so that pieces can neither change places nor be cut off at the end.
 * @param key 32 random bytes that seal nothing else: the nonces begin at zero
 */
export async function* sealFile(key: Uint8Array, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { piece, number, isLast } of pieces(plain, PIECE)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast))
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
}

/** The plain bytes, each piece after it was proven. Throws StudioError `attachment-broken`. */
export async function* openFile(key: Uint8Array, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { piece, number, isLast } of pieces(sealed, PIECE + TAG)) {
    if (piece.length < TAG) throw broken()
    const cipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast))
    cipher.setAuthTag(piece.subarray(-TAG))
    const plain = cipher.update(piece.subarray(0, -TAG))
    try {
      cipher.final()
    } catch (cause) {
      throw broken(cause)
    }
    yield plain
  }
}

/** Whole pieces, and the last one with what is left; an empty file has one empty piece. */
async function* pieces(source: AsyncIterable<Uint8Array>, size: number) {
  let held = Buffer.alloc(0)
  let number = 0
  for await (const chunk of source) {
    held = Buffer.concat([held, chunk])
    let at = 0
    // one piece is held back: it may be the last
    for (; held.length - at > size; at += size) {
      yield { piece: held.subarray(at, at + size), number: number++, isLast: false }
    }
    held = Buffer.from(held.subarray(at))
  }
  yield { piece: held, number, isLast: true }
}

function nonceOf(number: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 7)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function broken(cause?: unknown): StudioError {
  return new StudioError(
    'attachment-broken',
    'This file is not the one that was sent, or it is not whole. Ask for it to be sent again.',
    { cause },
  )
}
