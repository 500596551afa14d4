import { open, type FileHandle } from 'node:fs/promises'

/** What we read of a moov at most; two hours of 60 fps are about 8 MB. */
const MAX_MOOV = 256 << 20

/**
 * Gives the last picture of a finished MP4 or MOV its duration. An encoder that gets times but no durations leaves
 * the last at 0 (ffmpeg has no option for it), and players then drop that picture. Changes numbers in place, no
 * lengths: stts, mdhd, tkhd, elst and mvhd (ISO/IEC 14496-12).
 *
 * @param seconds what is used when the last duration is 0
 */
export async function fixLastFrame(path: string, seconds: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const found = await findMoov(file)
    if (!found) return
    const moov = Buffer.alloc(found.size)
    await file.read(moov, 0, found.size, found.at)
    if (extend(moov, seconds)) await file.write(moov, 0, found.size, found.at)
  } finally {
    await file.close()
  }
}

async function findMoov(file: FileHandle): Promise<{ at: number; size: number } | null> {
  const head = Buffer.alloc(16)
  for (let at = 0; (await file.read(head, 0, 16, at)).bytesRead >= 8;) {
    const short = head.readUInt32BE(0)
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short
    if (size < 8) return null
    if (head.toString('latin1', 4, 8) === 'moov') return size <= MAX_MOOV ? { at, size } : null
    at += size
  }
  return null
}

/** Returns whether anything was changed. */
function extend(moov: Buffer, seconds: number): boolean {
  const trak = childrenOf(moov).find((box) => typeOf(box) === 'trak' && handlerOf(box) === 'vide')
  const stts = trak && find(trak, 'mdia', 'minf', 'stbl', 'stts')
  const mdhd = trak && find(trak, 'mdia', 'mdhd')
  if (!trak || !stts || !mdhd || stts.length < 24 || stts.readUInt32BE(stts.length - 4) !== 0) return false
  const timescale = mdhd.readUInt32BE(mdhd[8] === 1 ? 28 : 20)
  const ticks = Math.max(1, Math.round(seconds * timescale))
  stts.writeUInt32BE(ticks, stts.length - 4)
  add(mdhd, 24, 32, ticks)
  const mvhd = find(moov, 'mvhd')
  if (!mvhd) return true
  const movie = Math.round((ticks / timescale) * mvhd.readUInt32BE(mvhd[8] === 1 ? 28 : 20))
  const tkhd = find(trak, 'tkhd')
  const length = tkhd ? add(tkhd, 28, 36, movie) : 0
  if (length > durationAt(mvhd, 24, 32)) add(mvhd, 24, 32, length - durationAt(mvhd, 24, 32))
  const elst = find(trak, 'edts', 'elst')
  // The last entry is the one that shows the picture; an empty edit before it delays it.
  if (elst && elst[8] === 0) elst.writeUInt32BE(elst.readUInt32BE(elst.length - 12) + movie, elst.length - 12)
  return true
}

/** Adds to a duration of version 0 (32 bit at `short`) or 1 (64 bit at `long`); returns the sum. */
function add(box: Buffer, short: number, long: number, ticks: number): number {
  const sum = durationAt(box, short, long) + ticks
  if (box[8] === 1) box.writeBigUInt64BE(BigInt(sum), long)
  else box.writeUInt32BE(sum, short)
  return sum
}

function durationAt(box: Buffer, short: number, long: number): number {
  return box[8] === 1 ? Number(box.readBigUInt64BE(long)) : box.readUInt32BE(short)
}

function typeOf(box: Buffer): string {
  return box.toString('latin1', 4, 8)
}

function handlerOf(trak: Buffer): string {
  return find(trak, 'mdia', 'hdlr')?.toString('latin1', 16, 20) ?? ''
}

function find(box: Buffer, ...types: string[]): Buffer | undefined {
  let found: Buffer | undefined = box
  for (const type of types) found = found && childrenOf(found).find((child) => typeOf(child) === type)
  return found
}

function childrenOf(box: Buffer): Buffer[] {
  const boxes: Buffer[] = []
  for (let at = 8; at + 8 <= box.length;) {
    const size = box.readUInt32BE(at)
    if (size < 8 || at + size > box.length) break
    boxes.push(box.subarray(at, at + size))
    at += size
  }
  return boxes
}
