import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openFile, sealedSize, sealFile } from './sealed-file'

const KEY = new Uint8Array(randomBytes(32))
const PIECE = 64 * 1024

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}
const whole = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
const opened = (sealed: Uint8Array, key = KEY): Promise<Buffer> => whole(openFile(key, inChunks(sealed, 50_000)))

describe('a sealed attachment', () => {
  it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 300_001])('comes back whole with %i bytes', async (size) => {
    const plain = randomBytes(size)
    const sealed = await whole(sealFile(KEY, inChunks(plain, 7_777)))
    expect(sealed.length).toBe(sealedSize(size))
    expect((await opened(sealed)).equals(plain)).toBe(true)
    if (size > 1_000) expect(sealed.includes(plain.subarray(0, 100))).toBe(false)
  })

  it('is refused when it was changed, cut off, put in another order, or opened by another key', async () => {
    const sealed = await whole(sealFile(KEY, inChunks(randomBytes(4 * PIECE), PIECE)))
    const piece = (n: number): Buffer => sealed.subarray(n * (PIECE + 16), (n + 1) * (PIECE + 16))
    const flipped = Buffer.from(sealed)
    flipped[PIECE + 500]! ^= 1
    const bad = [
      ...[flipped, sealed.subarray(0, -1), Buffer.concat([piece(0), piece(1), piece(2)]), Buffer.alloc(0)],
      ...[Buffer.concat([piece(1), piece(0), piece(2), piece(3)]), Buffer.concat([sealed, piece(3)])],
    ]
    for (const one of bad) await expect(opened(one)).rejects.toMatchObject({ code: 'attachment-broken' })
    await expect(opened(sealed, new Uint8Array(32))).rejects.toMatchObject({ code: 'attachment-broken' })
  })
})
