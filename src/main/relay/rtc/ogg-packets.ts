const HEADER = 27
/** A page has at most 255 segments of 255 bytes, RFC 3533, 6. */
const MAX_PAGE = HEADER + 255 + 255 * 255

/** Reads the packets of an Ogg stream with one logical stream (RFC 3533) out of any pieces of it. */
export class OggPackets {
  private rest: Buffer = Buffer.alloc(0)
  private begun: Buffer[] = []

  constructor(private readonly onPacket: (packet: Buffer) => void) {}

  /** @throws Error where the bytes are no Ogg */
  push(chunk: Buffer): void {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    for (;;) {
      if (bytes.length < HEADER) break
      if (bytes.toString('latin1', 0, 4) !== 'OggS') throw new Error('not an Ogg page')
      const segments = bytes[26]!
      if (bytes.length < HEADER + segments) break
      let length = 0
      for (let i = 0; i < segments; i++) length += bytes[HEADER + i]!
      const end = HEADER + segments + length
      if (bytes.length < end) break
      this.page(bytes.subarray(HEADER, HEADER + segments), bytes.subarray(HEADER + segments, end))
      bytes = bytes.subarray(end)
    }
    this.rest = Buffer.from(bytes)
  }

  private page(lacing: Buffer, body: Buffer): void {
    let at = 0
    let from = 0
    for (const size of lacing) {
      at += size
      if (size === 255) continue
      const piece = Buffer.from(body.subarray(from, at))
      this.onPacket(this.begun.length === 0 ? piece : Buffer.concat([...this.begun, piece]))
      this.begun = []
      from = at
    }
    if (from < at) this.begun.push(Buffer.from(body.subarray(from, at)))
    if (this.begun.reduce((sum, { length }) => sum + length, 0) > MAX_PAGE) throw new Error('an endless Ogg packet')
  }
}
