import { bad, children, join, need, typeOf, view } from '@shared/media/mp4-boxes'

/** The samples of one track so far; times in its own ticks. */
interface Track {
  timescale: number
  defaults: { duration: number; size: number; flags: number }
  sizes: number[]
  /** Runs of samples of one duration, as `stts` has them. */
  durations: { count: number; duration: number }[]
  /** Numbers of the key frames, from 1. */
  keys: number[]
  /** Samples that lie one behind the other in the file. */
  chunks: { offset: number; samples: number }[]
  length: number
}

/** sample_is_non_sync_sample */
const NON_SYNC = 0x10000
const TFHD_BASE_OFFSET = 1
const TRUN = { dataOffset: 1, firstFlags: 4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 }

/**
 * Collects where the samples of a fragmented MP4 lie, and writes the `moov` (ISO/IEC 14496-12, 8.2 to 8.7) by which
 * the same bytes are a plain MP4. For what our encoder writes: a fragment's data behind its `moof`, no reordered
 * pictures, no edit lists, every track without gaps from 0 on.
 * @throws StudioError `bad-stream` for anything else
 */
export class Mp4Index {
  private readonly moov: Uint8Array
  private readonly tracks = new Map<number, Track>()

  /** @param init `ftyp` and `moov` of the fragmented stream */
  constructor(init: Uint8Array) {
    this.moov = children(init, 0).find((box) => typeOf(box) === 'moov') ?? new Uint8Array(8)
    for (const trex of children(need(this.moov, 'mvex', 8), 8).filter((box) => typeOf(box) === 'trex')) {
      const data = view(trex)
      const defaults = { duration: data.getUint32(20), size: data.getUint32(24), flags: data.getUint32(28) }
      const track = { timescale: 0, defaults, sizes: [], durations: [], keys: [], chunks: [], length: 0 }
      this.tracks.set(data.getUint32(12), track)
    }
    for (const trak of traksOf(this.moov)) {
      this.track(idOf(trak)).timescale = durationField(need(trak, 'mdia/mdhd', 32)).timescale
      if (children(trak, 8).some((box) => typeOf(box) === 'edts')) throw bad('an edit list')
    }
  }

  /** A segment, `moof` and `mdat` once or more often, whose first byte lies at `offset` of the file. */
  add(segment: Uint8Array, offset: number): void {
    let at = offset
    for (const box of children(segment, 0)) {
      if (typeOf(box) === 'moof') {
        for (const traf of children(box, 8)) if (typeOf(traf) === 'traf') this.addTraf(traf, at)
      }
      at += box.length
    }
  }

  /** The `moov` of everything that was added. */
  build(): Uint8Array {
    const { timescale } = durationField(need(this.moov, 'mvhd', 32))
    const lengths = [...this.tracks.values()].map((track) => (track.length / track.timescale) * timescale)
    const boxes = children(this.moov, 8).flatMap((box) => {
      if (typeOf(box) === 'mvex') return []
      if (typeOf(box) === 'mvhd') return [withDuration(box, Math.round(Math.max(...lengths)))]
      return [typeOf(box) === 'trak' ? this.trak(box, timescale) : box]
    })
    return container('moov', boxes)
  }

  private track(id: number): Track {
    const track = this.tracks.get(id)
    if (!track) throw bad('a fragment of an unknown track')
    return track
  }

  private addTraf(traf: Uint8Array, moofOffset: number): void {
    const { track, duration, size, flags } = this.header(need(traf, 'tfhd'))
    const tfdt = need(traf, 'tfdt')
    const start = tfdt[8] === 1 ? Number(view(tfdt).getBigUint64(12)) : view(tfdt).getUint32(12)
    const last = track.durations.at(-1)
    if (start < track.length || (!last && start > 0)) throw bad('time does not go on')
    // A gap shows the last sample for longer, as a player of the fragments would.
    if (last && start > track.length) {
      last.count--
      addDuration(track, last.duration + start - track.length)
      track.length = start
    }
    for (const trun of children(traf, 8)) {
      if (typeOf(trun) === 'trun') addRun(track, trun, moofOffset, { duration, size, flags })
    }
  }

  private header(tfhd: Uint8Array): { track: Track; duration: number; size: number; flags: number } {
    const data = view(tfhd)
    const present = data.getUint32(8) & 0xffffff
    if (present & TFHD_BASE_OFFSET) throw bad('a fragment with its data elsewhere')
    const track = this.track(data.getUint32(12))
    let at = present & 2 ? 20 : 16
    const field = (bit: number, fallback: number): number => {
      if (!(present & bit)) return fallback
      at += 4
      return data.getUint32(at - 4)
    }
    const { defaults } = track
    const [duration, size, flags] = [
      field(8, defaults.duration),
      field(0x10, defaults.size),
      field(0x20, defaults.flags),
    ]
    return { track, duration, size, flags }
  }

  private trak(trak: Uint8Array, movieTimescale: number): Uint8Array {
    const track = this.track(idOf(trak))
    const rebuilt = (box: Uint8Array): Uint8Array => {
      switch (typeOf(box)) {
        case 'tkhd':
          return withDuration(box, Math.round((track.length / track.timescale) * movieTimescale))
        case 'mdhd':
          return withDuration(box, track.length)
        case 'mdia':
        case 'minf':
          return container(typeOf(box), children(box, 8).map(rebuilt))
        case 'stbl':
          return container('stbl', [need(box, 'stsd'), ...sampleTables(track)])
        default:
          return box
      }
    }
    return container('trak', children(trak, 8).map(rebuilt))
  }
}

function addRun(
  track: Track,
  trun: Uint8Array,
  moofOffset: number,
  defaults: { duration: number; size: number; flags: number },
): void {
  const data = view(trun)
  const present = data.getUint32(8) & 0xffffff
  if (!(present & TRUN.dataOffset) || present & TRUN.composition) throw bad('a run that cannot be indexed')
  const count = data.getUint32(12)
  track.chunks.push({ offset: moofOffset + data.getInt32(16), samples: count })
  let at = 20
  const next = (bit: number, fallback: number): number => {
    if (!(present & bit)) return fallback
    at += 4
    return data.getUint32(at - 4)
  }
  const firstFlags = next(TRUN.firstFlags, -1)
  for (let sample = 0; sample < count; sample++) {
    const duration = next(TRUN.duration, defaults.duration)
    track.sizes.push(next(TRUN.size, defaults.size))
    const ownFlags = next(TRUN.flags, defaults.flags)
    const flags = sample === 0 && firstFlags >= 0 ? firstFlags : ownFlags
    if ((flags & NON_SYNC) === 0) track.keys.push(track.sizes.length)
    addDuration(track, duration)
    track.length += duration
  }
}

function addDuration({ durations }: Track, duration: number): void {
  const last = durations.at(-1)
  if (last?.duration === duration) last.count++
  else durations.push({ count: 1, duration })
}

function sampleTables(track: Track): Uint8Array[] {
  const { sizes, durations, keys, chunks } = track
  const spans: number[] = [] // first chunk, samples in each, number of the sample description
  chunks.forEach(({ samples }, i) => {
    if (samples !== chunks[i - 1]?.samples) spans.push(i + 1, samples, 1)
  })
  const steps = durations.filter(({ count }) => count > 0).flatMap(({ count, duration }) => [count, duration])
  const isFar = (chunks.at(-1)?.offset ?? 0) > 0xffffffff
  const offsets = chunks.flatMap(({ offset }) => (isFar ? [Math.floor(offset / 2 ** 32), offset >>> 0] : [offset]))
  return [
    table('stts', [steps.length / 2, ...steps]),
    // Without stss every sample is a key frame: sound.
    ...(keys.length < sizes.length ? [table('stss', [keys.length, ...keys])] : []),
    table('stsc', [spans.length / 3, ...spans]),
    table('stsz', [0, sizes.length, ...sizes]),
    table(isFar ? 'co64' : 'stco', [chunks.length, ...offsets]),
  ]
}

function traksOf(moov: Uint8Array): Uint8Array[] {
  return children(moov, 8).filter((box) => typeOf(box) === 'trak')
}

function idOf(trak: Uint8Array): number {
  const tkhd = need(trak, 'tkhd', 32)
  return view(tkhd).getUint32(tkhd[8] === 1 ? 28 : 20)
}

/** Where mvhd, mdhd and tkhd have their duration, and, but for tkhd, the ticks in a second before it. */
function durationField(box: Uint8Array): { at: number; isLong: boolean; timescale: number } {
  const isLong = box[8] === 1
  const at = (isLong ? 32 : 24) + (typeOf(box) === 'tkhd' ? 4 : 0)
  return { at, isLong, timescale: view(box).getUint32(isLong ? 28 : 20) }
}

function withDuration(box: Uint8Array, duration: number): Uint8Array {
  const { at, isLong } = durationField(box)
  const copy = box.slice()
  if (isLong) view(copy).setBigUint64(at, BigInt(duration))
  else if (duration > 0xffffffff) throw bad('longer than its clock can count')
  else view(copy).setUint32(at, duration)
  return copy
}

/** A full box of 32 bit numbers. */
function table(type: string, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(12 + values.length * 4)
  const data = view(bytes)
  putHeader(bytes, type)
  values.forEach((value, i) => data.setUint32(12 + i * 4, value))
  return bytes
}

function container(type: string, boxes: readonly Uint8Array[]): Uint8Array {
  const bytes = join([new Uint8Array(8), ...boxes])
  putHeader(bytes, type)
  return bytes
}

function putHeader(bytes: Uint8Array, type: string): void {
  view(bytes).setUint32(0, bytes.length)
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i)
}
