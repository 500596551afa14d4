import { bad, children, join, need, typeOf, view } from '@shared/media/mp4-boxes'

/** Nothing that our encoder writes comes near; a length beyond it means that we lost the box borders. */
const MAX_BOX = 64 << 20

/** The start of an encoding: `ftyp` + `moov`. */
export interface Fmp4Init {
  bytes: Uint8Array
  /** `video/mp4; codecs="avc1.64001f,mp4a.40.2"`. */
  mimeType: string
  tracks: Fmp4Track[]
}

export interface Fmp4Track {
  id: number
  kind: 'video' | 'audio'
  /** Ticks per second. */
  timescale: number
  codec: string
  /** From `trex`: what a fragment that says nothing uses. */
  defaults: { duration: number; flags: number }
}

/** `moof` + `mdat`. Times in ticks of the track. */
export interface Fmp4Fragment {
  bytes: Uint8Array
  sequence: number
  runs: Fmp4Run[]
}

export interface Fmp4Run {
  track: Fmp4Track
  /** `tfdt`: decode time of the first sample. */
  start: number
  samples: number
  duration: number
  startsWithKey: boolean
}

export interface Fmp4Handlers {
  onInit(init: Fmp4Init): void
  onFragment(fragment: Fmp4Fragment): void
}

/**
 * Cuts a fragmented MP4 stream (ISO/IEC 14496-12) into its start and its fragments, in whatever pieces it comes.
 * It checks what a player relies on: box lengths that fit, H.264 and AAC, a decode time and durations in every
 * fragment, sequence numbers and times that grow.
 * @throws StudioError `bad-stream` from `push` and `end`; the splitter must not be used after that.
 */
export class Fmp4Splitter {
  private pending: Uint8Array[] = []
  private length = 0
  private head: Uint8Array[] = []
  private init: Fmp4Init | null = null
  private moof: { bytes: Uint8Array; sequence: number; runs: Fmp4Run[] } | null = null
  private lastSequence = 0
  private readonly nextStart = new Map<number, number>()

  constructor(private readonly handlers: Fmp4Handlers) {}

  /** Takes any number of bytes; they must not change afterwards. */
  push(chunk: Uint8Array): void {
    this.pending.push(chunk)
    this.length += chunk.length
    for (;;) {
      const size = this.peekSize()
      if (size === null || this.length < size) return
      this.box(this.takeBytes(size))
    }
  }

  /** The stream is over: nothing may be left open. */
  end(): void {
    if (this.length > 0 || this.moof) throw bad('it ends in the middle of a box')
  }

  private peekSize(): number | null {
    if (this.length < 8) return null
    if (this.pending[0]!.length < 8) this.pending = [join(this.pending)]
    const first = this.pending[0]!
    const size = new DataView(first.buffer, first.byteOffset).getUint32(0)
    // 0 (to the end of the file) and 1 (64 bit length) are legal, but our encoder never writes them in a stream.
    if (size < 8 || size > MAX_BOX) throw bad(`a box of ${size} bytes`)
    return size
  }

  private takeBytes(size: number): Uint8Array {
    const all = this.pending.length === 1 ? this.pending[0]! : join(this.pending)
    const rest = all.subarray(size)
    this.pending = rest.length > 0 ? [rest] : []
    this.length -= size
    // A copy, so that a small segment does not keep a large chunk alive.
    return all.slice(0, size)
  }

  private box(bytes: Uint8Array): void {
    const type = typeOf(bytes)
    if (this.moof && type !== 'mdat') throw bad(`${type} where mdat must follow moof`)
    if (type === 'ftyp') this.head.push(bytes)
    else if (type === 'moov') this.takeMoov(bytes)
    else if (type === 'moof') this.moof = { bytes, ...this.parseMoof(bytes) }
    else if (type === 'mdat') this.takeMdat(bytes)
    else if (!['styp', 'sidx', 'mfra', 'free', 'prft', 'emsg'].includes(type)) throw bad(`an unknown box "${type}"`)
  }

  private takeMoov(bytes: Uint8Array): void {
    if (this.init) throw bad('a second moov')
    const tracks = parseMoov(bytes)
    const mimeType = `video/mp4; codecs="${tracks.map((track) => track.codec).join(',')}"`
    this.init = { bytes: join([...this.head, bytes]), mimeType, tracks }
    this.handlers.onInit(this.init)
  }

  private takeMdat(bytes: Uint8Array): void {
    if (!this.moof) throw bad('mdat without moof')
    const { bytes: moof, sequence, runs } = this.moof
    this.moof = null
    this.handlers.onFragment({ bytes: join([moof, bytes]), sequence, runs })
  }

  private parseMoof(bytes: Uint8Array): { sequence: number; runs: Fmp4Run[] } {
    if (!this.init) throw bad('a fragment before moov')
    const sequence = view(need(bytes, 'mfhd')).getUint32(12)
    if (sequence <= this.lastSequence) throw bad(`fragment ${sequence} after ${this.lastSequence}`)
    this.lastSequence = sequence
    const runs = children(bytes, 8)
      .filter((child) => typeOf(child) === 'traf')
      .map((traf) => parseTraf(traf, this.init!.tracks))
    if (runs.length === 0) throw bad('a fragment without tracks')
    for (const run of runs) {
      if (run.start < (this.nextStart.get(run.track.id) ?? 0)) throw bad('time runs backwards')
      this.nextStart.set(run.track.id, run.start + run.duration)
    }
    return { sequence, runs }
  }
}

function parseMoov(moov: Uint8Array): Fmp4Track[] {
  const boxes = children(moov, 8)
  const mvex = boxes.find((box) => typeOf(box) === 'mvex')
  const extensions = mvex ? children(mvex, 8).filter((box) => typeOf(box) === 'trex' && box.length >= 32) : []
  const tracks = boxes.filter((box) => typeOf(box) === 'trak').map((trak) => parseTrak(trak, extensions))
  if (!tracks.some((track) => track.kind === 'video')) throw bad('no picture track')
  return tracks
}

function parseTrak(trak: Uint8Array, extensions: Uint8Array[]): Fmp4Track {
  const tkhd = need(trak, 'tkhd', 24)
  const id = view(tkhd).getUint32(tkhd[8] === 1 ? 28 : 20)
  const mdhd = need(trak, 'mdia/mdhd', 32)
  const timescale = view(mdhd).getUint32(mdhd[8] === 1 ? 28 : 20)
  if (timescale === 0) throw bad('a track without a clock')
  const trex = extensions.map((box) => view(box)).find((box) => box.getUint32(12) === id)
  if (!trex) throw bad('trex is missing')
  const entry = children(need(trak, 'mdia/minf/stbl/stsd'), 16)[0]
  if (!entry) throw bad('stsd is empty')
  const defaults = { duration: trex.getUint32(20), flags: trex.getUint32(28) }
  const type = typeOf(entry)
  if (type === 'avc1') return { id, kind: 'video', timescale, codec: avcCodec(entry), defaults }
  if (type === 'mp4a') return { id, kind: 'audio', timescale, codec: aacCodec(entry), defaults }
  throw bad(`a track of the kind "${type}"`)
}

/** RFC 6381: profile, constraints and level from avcC (ISO/IEC 14496-15), behind the 86 bytes of the sample entry. */
function avcCodec(entry: Uint8Array): string {
  const avcC = children(entry, 86).find((box) => typeOf(box) === 'avcC')
  if (!avcC || avcC.length < 15 || avcC[8] !== 1) throw bad('avcC is missing')
  const hex = [avcC[9]!, avcC[10]!, avcC[11]!].map((byte) => byte.toString(16).padStart(2, '0'))
  return `avc1.${hex.join('')}`
}

/**
 * `mp4a.40.N` from the descriptors of esds (ISO/IEC 14496-1): ES (3) holds DecoderConfig (4, object type 0x40) holds
 * DecoderSpecificInfo (5), whose first 5 bits are N.
 */
function aacCodec(entry: Uint8Array): string {
  const esds = children(entry, 36).find((box) => typeOf(box) === 'esds')
  if (!esds) throw bad('esds is missing')
  let at = 12
  const enter = (tag: number, skip: number): void => {
    if (esds[at] !== tag) throw bad('esds cannot be read')
    at++
    while (((esds[at] ?? 0) & 0x80) !== 0) at++
    at += 1 + skip
  }
  enter(3, 3)
  enter(4, 0)
  if (esds[at] !== 0x40) throw bad('the sound is not AAC')
  at += 13
  enter(5, 0)
  return `mp4a.40.${(esds[at] ?? 0) >> 3}`
}

const TFHD = { baseOffset: 1, description: 2, duration: 8, size: 0x10, flags: 0x20 }
const TRUN = { dataOffset: 1, firstFlags: 4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 }
/** sample_is_non_sync_sample */
const NON_SYNC = 0x10000

function parseTraf(traf: Uint8Array, tracks: Fmp4Track[]): Fmp4Run {
  const header = tfhd(need(traf, 'tfhd'), tracks)
  const tfdt = need(traf, 'tfdt')
  const start = tfdt[8] === 1 ? Number(view(tfdt).getBigUint64(12)) : view(tfdt).getUint32(12)
  const run: Fmp4Run = { track: header.track, start, samples: 0, duration: 0, startsWithKey: false }
  for (const box of children(traf, 8)) {
    if (typeOf(box) === 'trun') addRun(run, box, header)
  }
  if (run.samples === 0 || run.duration === 0) throw bad('a fragment without samples')
  return run
}

function tfhd(box: Uint8Array, tracks: Fmp4Track[]): { track: Fmp4Track; duration: number; flags: number } {
  const data = view(box)
  const present = data.getUint32(8) & 0xffffff
  const track = tracks.find((candidate) => candidate.id === data.getUint32(12))
  if (!track) throw bad('a fragment of an unknown track')
  let at = 16
  if (present & TFHD.baseOffset) at += 8
  if (present & TFHD.description) at += 4
  const field = (bit: number): number | null => {
    if (!(present & bit)) return null
    if (at + 4 > box.length) throw bad('tfhd is too short')
    at += 4
    return data.getUint32(at - 4)
  }
  const duration = field(TFHD.duration) ?? track.defaults.duration
  field(TFHD.size)
  return { track, duration, flags: field(TFHD.flags) ?? track.defaults.flags }
}

function addRun(run: Fmp4Run, box: Uint8Array, header: { duration: number; flags: number }): void {
  const data = view(box)
  const present = data.getUint32(8) & 0xffffff
  const count = data.getUint32(12)
  let at = 16 + (present & TRUN.dataOffset ? 4 : 0)
  let firstFlags = present & TRUN.firstFlags ? data.getUint32(at) : null
  if (firstFlags !== null) at += 4
  const fields = [TRUN.duration, TRUN.size, TRUN.flags, TRUN.composition].filter((bit) => present & bit).length
  if (at + count * fields * 4 > box.length) throw bad('trun is too short')
  for (let sample = 0; sample < count; sample++) {
    run.duration += present & TRUN.duration ? data.getUint32(at) : header.duration
    const flagsAt = at + 4 * [TRUN.duration, TRUN.size].filter((bit) => present & bit).length
    const flags = firstFlags ?? (present & TRUN.flags ? data.getUint32(flagsAt) : header.flags)
    firstFlags = null
    if (run.samples === 0) run.startsWithKey = (flags & NON_SYNC) === 0
    run.samples++
    at += fields * 4
  }
}
