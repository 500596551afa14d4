const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i << 24
  for (let bit = 0; bit < 8; bit++) value = (value & 0x80000000) !== 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})
const MAX_PACKET = 255 * 254

/** Writes Opus as an Ogg stream, one packet a page (RFC 3533, 6; RFC 7845). */
export class OggWriter {
  private page = 0
  private granule = 0n

  /** What comes first: the two headers, RFC 7845, 5. @param channels of the sound */
  start(channels: number): Buffer {
    const head = Buffer.alloc(19)
    head.write('OpusHead')
    head[8] = 1
    head[9] = channels
    head.writeUInt32LE(48_000, 12)
    const tags = Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(8)])
    return Buffer.concat([this.write(head, 0, 2), this.write(tags, 0)])
  }

  /** @param samples that the packet lasts, of 48,000 a second; longer packets than a page holds are cut, which no Opus is */
  write(packet: Buffer, samples: number, flags = 0): Buffer {
    const body = packet.subarray(0, MAX_PACKET)
    const full = Math.floor(body.length / 255)
    const out = Buffer.alloc(27 + full + 1 + body.length)
    this.granule += BigInt(samples)
    out.write('OggS')
    out[5] = flags
    out.writeBigUInt64LE(this.granule, 6)
    out.writeUInt32LE(1, 14)
    out.writeUInt32LE(this.page++, 18)
    out[26] = full + 1
    out.fill(255, 27, 27 + full)
    out[27 + full] = body.length % 255
    body.copy(out, 28 + full)
    let sum = 0
    for (const byte of out) sum = ((sum << 8) ^ TABLE[((sum >>> 24) ^ byte) & 0xff]!) >>> 0
    out.writeUInt32LE(sum, 22)
    return out
  }
}

/** How long an Opus packet lasts, samples of 48,000 a second (RFC 6716, 3.1); 0 for what is none. */
export function opusSamples(packet: Buffer): number {
  const toc = packet[0]
  if (toc === undefined) return 0
  const config = toc >> 3
  const frame =
    config < 12
      ? [480, 960, 1920, 2880][config & 3]!
      : config < 16
        ? [480, 960][config & 1]!
        : [120, 240, 480, 960][config & 3]!
  const code = toc & 3
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f
  const samples = frame * frames
  return samples <= 5760 ? samples : 0
}
