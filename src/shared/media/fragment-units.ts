import { StudioError } from '../errors'
import type { AccessConfig } from './access-unit'

/** Ticks of the picture track for one slot, and samples of one AAC frame: as the media engine's writer has them. */
const SLOT_TICKS = 512
const AAC_FRAME = 1024
const SOUND_RATE = 48_000
const PICTURE = 1
const SOUND = 2
const KEY_FLAGS = 0x02000000
/** More than any of ours: 60 s at 60 pictures a second. A table is checked against its box before it is read. */
const MAX_SAMPLES = 3600
const MAX_SIZE = 8192
const MAX_CONFIG = 1024

/** What one `moof` + `mdat` of ours holds; all data are views into its bytes. */
export interface FragmentUnits {
  sequence: number
  slot: number
  endSlot: number
  /** The first is a key picture. */
  pictures: { slot: number; data: Uint8Array }[]
  soundFrame: number
  sound: Uint8Array[]
}

/**
 * Reads `ftyp` + `moov` as our own writer makes them (ISO/IEC 14496-12, -15, -3).
 * @throws StudioError `bad-segment` for anything else
 */
export function readFragmentStart(bytes: Uint8Array, id: number): AccessConfig {
  const moov = one(boxes(bytes), 'moov')
  let picture: Pick<AccessConfig, 'width' | 'height' | 'fps' | 'avcC'> | null = null
  let asc: Uint8Array | null = null
  for (const trak of inside(moov, 8).filter(({ type }) => type === 'trak')) {
    const mdia = one(inside(trak, 8), 'mdia')
    const timescale = u32(one(inside(mdia, 8), 'mdhd'), 20)
    const stbl = one(inside(one(inside(mdia, 8), 'minf'), 8), 'stbl')
    const entry = inside(one(inside(stbl, 8), 'stsd'), 16)[0]
    const track = u32(one(inside(trak, 8), 'tkhd'), 20)
    if (track === PICTURE && !picture && entry?.type === 'avc1') picture = readAvc1(entry, timescale)
    else if (track === SOUND && !asc && entry?.type === 'mp4a' && timescale === SOUND_RATE) asc = readMp4a(entry)
    else throw bad('an unknown track')
  }
  if (!picture || !asc) throw bad('a track is missing')
  return { id, ...picture, asc }
}

/**
 * Takes one fragment apart, exactly as our own writer makes it: one run of pictures that begins with a key, then at
 * most one of sound; nothing may be left over. Nothing is allocated that the checked tables do not account for.
 * @throws StudioError `bad-segment` for anything else
 */
export function readFragment(bytes: Uint8Array): FragmentUnits {
  const [moof, mdat, ...more] = boxes(bytes)
  if (moof?.type !== 'moof' || mdat?.type !== 'mdat' || more.length > 0) throw bad('not one moof and one mdat')
  const [mfhd, first, second, ...rest] = inside(moof, 8)
  if (mfhd?.type !== 'mfhd' || first?.type !== 'traf' || rest.length > 0) throw bad('another order of boxes')
  if (second && second.type !== 'traf') throw bad('another order of boxes')
  const pictures = readRun(first, PICTURE, moof.bytes.length + 8)
  const pictureBytes = pictures.sizes.reduce((sum, size) => sum + size, 0)
  const sound = second ? readRun(second, SOUND, moof.bytes.length + 8 + pictureBytes) : null
  if (pictures.sizes.length === 0) throw bad('no picture')
  const soundBytes = sound?.sizes.reduce((sum, size) => sum + size, 0) ?? 0
  if (mdat.bytes.length !== 8 + pictureBytes + soundBytes) throw bad('data that no table names')

  let at = 8
  const take = (size: number): Uint8Array => mdat.bytes.subarray(at, (at += size))
  let slot = whole(pictures.start, SLOT_TICKS)
  const units: FragmentUnits = {
    sequence: u32(mfhd, 12),
    ...{ slot, endSlot: slot, pictures: [], sound: [] },
    soundFrame: sound ? whole(sound.start, AAC_FRAME) : 0,
  }
  pictures.sizes.forEach((size, i) => {
    const data = take(size)
    checkNalUnits(data)
    units.pictures.push({ slot, data })
    const slots = whole(pictures.durations[i]!, SLOT_TICKS)
    if (slots < 1) throw bad('a picture without length')
    slot += slots
  })
  units.endSlot = slot
  units.sound = sound?.sizes.map(take) ?? []
  return units
}

interface Run {
  start: number
  sizes: number[]
  durations: number[]
}

function readRun(traf: Box, track: number, dataOffset: number): Run {
  const [tfhd, tfdt, trun, ...rest] = inside(traf, 8)
  if (tfhd?.type !== 'tfhd' || tfdt?.type !== 'tfdt' || trun?.type !== 'trun' || rest.length > 0) {
    throw bad('another order of boxes')
  }
  if (u32(tfhd, 8) !== 0x20000 || u32(tfhd, 12) !== track) throw bad('another track')
  if (u32(tfdt, 8) !== 1 << 24) throw bad('a time of another version')
  const start = u32(tfdt, 12) * 2 ** 32 + u32(tfdt, 16)
  if (!Number.isSafeInteger(start)) throw bad('a time that is too great')
  const isPicture = track === PICTURE
  const [flags, head, each] = isPicture ? [0x305, 24, 8] : [0x201, 20, 4]
  const count = u32(trun, 12)
  if (u32(trun, 8) !== flags || count > MAX_SAMPLES) throw bad('another table of samples')
  if (trun.bytes.length !== head + count * each) throw bad('a table of samples of another length')
  if (u32(trun, 16) !== dataOffset) throw bad('samples that lie elsewhere')
  if (isPicture && u32(trun, 20) !== KEY_FLAGS) throw bad('no key picture at its beginning')
  const run: Run = { start, sizes: [], durations: [] }
  for (let at = head; at < trun.bytes.length; at += each) {
    if (isPicture) run.durations.push(u32(trun, at))
    const size = u32(trun, at + each - 4)
    if (size === 0) throw bad('an empty sample')
    run.sizes.push(size)
  }
  return run
}

function readAvc1(avc1: Box, timescale: number): Pick<AccessConfig, 'width' | 'height' | 'fps' | 'avcC'> {
  const width = u32(avc1, 32) >>> 16
  const height = u32(avc1, 32) & 0xffff
  const fps = whole(timescale, SLOT_TICKS)
  const avcC = one(inside(avc1, 86), 'avcC').bytes.slice(8)
  if (width < 2 || height < 2 || width > MAX_SIZE || height > MAX_SIZE) throw bad('a picture of another size')
  if (fps < 1 || fps > 240) throw bad('another rate')
  // Version 1, lengths of 4 bytes before the NAL units.
  if (avcC.length < 7 || avcC.length > MAX_CONFIG || avcC[0] !== 1 || (avcC[4]! & 3) !== 3) throw bad('no H.264')
  return { width, height, fps, avcC }
}

/** AudioSpecificConfig out of the nested descriptors (ISO/IEC 14496-1, 8.3.3; ours are shorter than 128 bytes). */
function readMp4a(mp4a: Box): Uint8Array {
  const { bytes } = one(inside(mp4a, 36), 'esds')
  const es = descriptor(bytes, 12, 3)
  const decoder = descriptor(bytes, es.from + 3, 4)
  const asc = descriptor(bytes, decoder.from + 13, 5)
  if (asc.to - asc.from < 2 || asc.to > bytes.length) throw bad('no AAC')
  return bytes.slice(asc.from, asc.to)
}

function descriptor(bytes: Uint8Array, at: number, tag: number): { from: number; to: number } {
  const length = bytes[at + 1] ?? 0x80
  if (bytes[at] !== tag || length >= 0x80) throw bad('no AAC')
  return { from: at + 2, to: at + 2 + length }
}

/** Lengths before the NAL units that fill a picture exactly. */
function checkNalUnits(data: Uint8Array): void {
  const view = viewOf(data)
  let at = 0
  while (at + 4 <= data.length) at += 4 + view.getUint32(at)
  if (at !== data.length) throw bad('NAL units that do not fill their picture')
}

interface Box {
  type: string
  bytes: Uint8Array
  view: DataView
}

function boxes(bytes: Uint8Array, from = 0): Box[] {
  const found: Box[] = []
  for (let at = from; at < bytes.length;) {
    const view = viewOf(bytes)
    const size = at + 8 <= bytes.length ? view.getUint32(at) : 0
    // Ours have fewer than ten boxes anywhere.
    if (size < 8 || at + size > bytes.length || found.length === 32) throw bad('boxes that do not fit')
    const box = bytes.subarray(at, at + size)
    found.push({ type: String.fromCharCode(...box.subarray(4, 8)), bytes: box, view: viewOf(box) })
    at += size
  }
  return found
}

function inside(box: Box, from: number): Box[] {
  return boxes(box.bytes, from)
}

function one(among: Box[], type: string): Box {
  const found = among.filter((box) => box.type === type)
  if (found.length !== 1) throw bad(`not one ${type}`)
  return found[0]!
}

function u32(box: Box, at: number): number {
  if (at + 4 > box.bytes.length) throw bad(`${box.type} is too short`)
  return box.view.getUint32(at)
}

function whole(value: number, unit: number): number {
  if (value % unit !== 0) throw bad('a time between two')
  return value / unit
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function bad(what: string): StudioError {
  return new StudioError('bad-segment', `This live is made in a way that cannot be taken apart: ${what}.`)
}
