import type { Live } from '../relay-hub'
import { mediaPlaylist, variantPlaylist, type Variant } from './playlist'

/** Requests that wait for something to come; more are told to come again. */
const MAX_WAITING = 2_000
/** A part is there every 100 ms; who waits longer than this gets what there is, milliseconds. */
const MAX_WAIT_MS = 5_000

export interface HlsFile {
  contentType: string
  bytes: readonly Uint8Array[]
  /** Never changes under this name. */
  forEver: boolean
}

/** Serves the files of one live, and lets requests wait for parts that are still being made. */
export class HlsOrigin {
  private readonly waiting = new Set<() => void>()

  constructor(private readonly live: Live) {
    live.hls.onChange = () => {
      const woken = [...this.waiting]
      for (const wake of woken) wake()
    }
  }

  /** Null: no part has been made yet, or what is waited for is too far ahead. */
  async playlist(until: { segment: number; part: number | null } | null, signal: AbortSignal): Promise<HlsFile | null> {
    const { hls } = this.live
    const newest = hls.open?.number ?? hls.segments.at(-1)?.number ?? 0
    if (until && until.segment > newest + 2) return null
    await this.waitFor(() => this.has(until), signal)
    if (hls.segments.length === 0 && !hls.open?.parts.length) return null
    return text(mediaPlaylist(hls, this.live.run))
  }

  /** `copies`: the same live in smaller qualities. */
  async variants(copies: readonly Live[], signal: AbortSignal): Promise<HlsFile | null> {
    await this.waitFor(() => this.has(null), signal)
    const variants = [this.live, ...copies].flatMap((live) => variantOf(live, live === this.live) ?? [])
    return variants.length > 0 ? text(variantPlaylist(variants)) : null
  }

  init(id: number): HlsFile | null {
    const { segments, open } = this.live.hls
    const init = [...segments, ...(open ? [open] : [])].find((segment) => segment.init.id === id)?.init
    return init ? { contentType: 'video/mp4', bytes: [init.bytes], forEver: true } : null
  }

  segment(number: number): HlsFile | null {
    const segment = this.live.hls.segments.find((one) => one.number === number)
    if (!segment) return null
    return { contentType: 'video/iso.segment', bytes: segment.parts.map(({ bytes }) => bytes), forEver: true }
  }

  /** Waits for the part that the playlist hints at. */
  async part(number: number, part: number, signal: AbortSignal): Promise<HlsFile | null> {
    const find = (): Uint8Array | undefined => {
      const { segments, open } = this.live.hls
      const segment = open?.number === number ? open : segments.find((one) => one.number === number)
      return segment?.parts[part]?.bytes
    }
    const isNext = (): boolean => {
      const { open } = this.live.hls
      return open?.number === number && open.parts.length === part
    }
    if (isNext()) await this.waitFor(() => !isNext(), signal)
    const bytes = find()
    return bytes ? { contentType: 'video/iso.segment', bytes: [bytes], forEver: true } : null
  }

  private has(until: { segment: number; part: number | null } | null): boolean {
    const { open, segments, isOver } = this.live.hls
    if (isOver) return true
    if (!until) return segments.length > 0 || (open?.parts.length ?? 0) > 0
    const { segment, part } = until
    if ((segments.at(-1)?.number ?? -1) >= segment) return true
    // Beyond the last part of a segment that is over means the first of the next one (6.2.5.2).
    return part !== null && open?.number === segment && open.parts.length > part
  }

  private waitFor(isThere: () => boolean, signal: AbortSignal): Promise<void> {
    if (isThere() || signal.aborted || this.waiting.size >= MAX_WAITING) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.waiting.delete(wake)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const wake = (): void => {
        if (isThere()) done()
      }
      const timer = setTimeout(done, MAX_WAIT_MS)
      this.waiting.add(wake)
      signal.addEventListener('abort', done)
    })
  }
}

function variantOf({ stream, hls }: Live, isSource: boolean): Variant | null {
  const init = hls.open?.init ?? hls.segments.at(-1)?.init
  if (!init) return null
  const { picture } = init.config
  return {
    uri: isSource ? 'live.m3u8' : `../${stream.name}/live.m3u8`,
    // Room for the peaks of a bitrate that is an average over seconds.
    bitsPerSecond: Math.max(100_000, stream.bytesPerSecond * 8 * 1.3),
    codecs: init.codecs,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    framesPerSecond: hls.framesPerSecond,
  }
}

function text(playlist: string): HlsFile {
  return { contentType: 'application/vnd.apple.mpegurl', bytes: [Buffer.from(playlist)], forEver: false }
}
