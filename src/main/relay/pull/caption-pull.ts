import type { CaptionCue } from '@shared/captions/caption-cue'
import { CAPTION_LIMITS } from '@shared/captions/caption-cue'
import { readCaptions, type Captions } from '@shared/captions/read-captions'
import { readHlsMedia, type HlsMedia, type HlsMediaSegment } from './hls-media'
import { webFetch } from './web-fetch'

export interface CaptionPullOptions {
  /** A playlist of WebVTT files. */
  url: string
  /** Moment of the video that is played now, milliseconds. */
  positionMs: () => number
  /** What the video's own clock says at its moment 0, milliseconds: captions may count by it. */
  startMs: number
  onCues: (cues: CaptionCue[]) => void
}

/** Fetched so far ahead of what is played, and behind it, milliseconds. */
const AHEAD_MS = 60_000
const BEHIND_MS = 10_000
/** A live begins with so many of the newest files. */
const LIVE_FILES = 3
const LOOK_MS = 1000
const ANSWER_MS = 10_000
const MAX_PLAYLIST = 4 << 20
/** Of a file of captions; a film in one file has about 100 KB. */
const MAX_FILE = 2 << 20
/** A file that does not come is tried so often. */
const TRIES = 2
/** Captions may begin so far from the files that they are in; else they count from somewhere else. */
const NEAR_MS = 30_000
const TICKS_MS = 90
const WRAP_TICKS = 2 ** 33

/**
 * Captions of somebody else's video: fetches the files around what is played, and whatever goes wrong with them is no
 * reason for the video to stop.
 */
export class CaptionPull {
  private readonly ending = new AbortController()
  private media: HlsMedia | null = null
  private loadedAt = -Infinity
  private readonly tries = new Map<number, number>()
  private readonly known = new Set<string>()
  private busy = false
  private readonly timer: ReturnType<typeof setInterval>

  constructor(private readonly options: CaptionPullOptions) {
    this.timer = setInterval(() => void this.look(), LOOK_MS)
    void this.look()
  }

  close(): void {
    clearInterval(this.timer)
    this.ending.abort()
  }

  private async look(): Promise<void> {
    if (this.busy) return
    this.busy = true
    try {
      await this.load()
      for (const segment of this.wanted()) {
        if (this.ending.signal.aborted) return
        await this.fetch(segment)
      }
    } catch {
      // Tried again at the next look.
    } finally {
      this.busy = false
    }
  }

  private async load(): Promise<void> {
    const { media } = this
    if (media && !media.live) return
    const now = performance.now()
    // A playlist of a live changes once a segment (RFC 8216, 6.3.4); one that failed is not asked for at every look.
    if (now - this.loadedAt < (media ? Math.max(LOOK_MS, media.targetMs / 2) : 3 * LOOK_MS)) return
    this.loadedAt = now
    const { bytes, at } = await this.get(this.options.url, MAX_PLAYLIST)
    this.media = readHlsMedia(new TextDecoder().decode(bytes), at)
    const [first] = this.media.segments
    for (const number of this.tries.keys()) if (first && number < first.number) this.tries.delete(number)
  }

  private wanted(): HlsMediaSegment[] {
    const { media, tries } = this
    if (!media) return []
    const isLeft = ({ number }: HlsMediaSegment): boolean => (tries.get(number) ?? 0) < TRIES
    if (media.live) return media.segments.slice(-LIVE_FILES).filter(isLeft)
    const at = this.options.positionMs()
    return media.segments.filter(
      (segment) =>
        segment.startMs < at + AHEAD_MS && segment.startMs + segment.durationMs > at - BEHIND_MS && isLeft(segment),
    )
  }

  private async fetch({ number, whole, startMs, durationMs }: HlsMediaSegment): Promise<void> {
    if (!whole) return
    this.tries.set(number, (this.tries.get(number) ?? 0) + 1)
    try {
      const { bytes } = await this.get(whole.url, MAX_FILE, whole.range)
      this.tries.set(number, TRIES)
      const captions = readCaptions(new TextDecoder().decode(bytes))
      const place = this.media?.live === true ? null : { startMs, durationMs }
      const offset = Math.round(captionOffset(captions, this.options.startMs, place))
      const cues = captions.cues.flatMap((cue) => {
        const moved = { ...cue, startMs: Math.max(0, cue.startMs + offset), endMs: Math.max(0, cue.endMs + offset) }
        return moved.endMs > 0 && this.isNew(moved) ? [moved] : []
      })
      if (cues.length > 0 && !this.ending.signal.aborted) this.options.onCues(cues)
    } catch {
      // These words are missing; the next ones may come.
    }
  }

  /** A cue that lasts over the end of a file is in the next one again (RFC 8216, 3.5). */
  private isNew({ startMs, endMs, text }: CaptionCue): boolean {
    const name = `${Math.round(startMs)} ${Math.round(endMs)} ${text}`
    if (this.known.has(name)) return false
    if (this.known.size >= CAPTION_LIMITS.cues) this.known.clear()
    this.known.add(name)
    return true
  }

  private get(
    url: string,
    limit: number,
    range: { from: number; length: number } | null = null,
  ): ReturnType<typeof webFetch> {
    return webFetch(url, { signal: this.ending.signal, limit, timeoutMs: ANSWER_MS, range })
  }
}

/**
 * What to add to the times of a file's cues to get moments of the video, milliseconds. The standard's way is the map of
 * the file onto the video's clock (RFC 8216, 3.5); real files also count from the start of the video, or each file from
 * its own start, so of a finished video the way that lands near the file's place is taken.
 * @param videoStartMs the video's clock at its moment 0
 * @param place where the playlist puts the file; null: a live, where only the map can tell
 */
export function captionOffset(
  { cues, map }: Captions,
  videoStartMs: number,
  place: { startMs: number; durationMs: number } | null,
): number {
  const byMap = map ? turned(map.ticks - videoStartMs * TICKS_MS) / TICKS_MS - map.localMs : null
  const [first] = cues
  if (place === null) return byMap ?? -videoStartMs
  const isNear = (offset: number): boolean => {
    if (!first) return true
    const starts = first.startMs + offset
    return starts > place.startMs - NEAR_MS && starts < place.startMs + place.durationMs + NEAR_MS
  }
  const ways = [...(byMap === null ? [] : [byMap]), 0, place.startMs, -videoStartMs]
  return ways.find(isNear) ?? byMap ?? 0
}

/** The nearest to zero that is the same on a clock of 33 bits. */
function turned(ticks: number): number {
  const rest = ((ticks % WRAP_TICKS) + WRAP_TICKS) % WRAP_TICKS
  return rest > WRAP_TICKS / 2 ? rest - WRAP_TICKS : rest
}
