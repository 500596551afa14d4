import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { pullError } from './pull-error'
import { readHlsMedia, type HlsMedia, type HlsMediaSegment, type HlsPiece } from './hls-media'
import { webFetch } from './web-fetch'

const MAX_PLAYLIST = 1 << 20
/** Of a part or a segment. */
const MAX_PIECE = 32 << 20
const ANSWER_MS = 10_000
/** Between two looks at a playlist that has not changed though it was waited for, milliseconds. */
const IDLE_MS = 100
/** Failures of one piece or playlist in a row; the live may have been moved. */
const TRIES = 3
const RETRY_MS = 150

/**
 * [Note: Parts before segments]
 * ffmpeg reads HLS a whole segment at a time, and begins two behind the end: a live of somebody else was seconds behind
 * though its server had every part at once (RFC 8216bis: EXT-X-PART, blocking reload, preload hints). This reader takes
 * the parts and hands their bytes to ffmpeg's stdin, which then speaks to nobody: the only protocol that it is allowed
 * is its own pipe. What is not plain (encryption, sound in a playlist of its own) stays with ffmpeg.
 *
 * Bounded: one piece and one playlist at a time, and the next only when the program has taken the one before; who is too
 * slow goes on at the newest key picture.
 */
export class PartFeed {
  private readonly ending = new AbortController()
  /** The next piece: number of its segment, and its place among the parts. */
  private next: { number: number; part: number } | null = null
  private initUrl: string | null = null
  private hinted: { url: string; bytes: Promise<Uint8Array | null> } | null = null

  /** @param onOver null: the live is over */
  constructor(
    private readonly url: string,
    private readonly out: Writable,
    onOver: (problem: Error | null) => void,
  ) {
    const over = (problem: Error | null): void => {
      if (!this.ending.signal.aborted) onOver(problem)
    }
    this.run().then(
      () => over(null),
      (error: unknown) => over(error instanceof Error ? error : pullError('nothing-there', error)),
    )
  }

  close(): void {
    this.ending.abort()
  }

  private async run(): Promise<void> {
    let media = await this.playlist(false)
    if (media.encrypted || media.partTargetMs === null) throw pullError('cannot-play')
    this.next = newestStart(media)
    for (;;) {
      const pieces = this.listed(media)
      for (const { segment, piece } of pieces) {
        if (!(await this.give(segment, piece))) return
      }
      if (this.ending.signal.aborted || (!media.live && this.listed(media).length === 0)) return
      media = await this.playlist(media.canBlock)
      if (this.listed(media).length === 0 && media.live) await pause(IDLE_MS, this.ending.signal)
    }
  }

  /** What is listed from `next` on; from the newest key picture where `next` is gone. */
  private listed(media: HlsMedia): { segment: HlsMediaSegment; piece: HlsPiece }[] {
    const first = media.segments.find(({ parts }) => parts.length > 0)
    // Behind the parts there are whole segments only: their parts would be fetched again with them.
    if (!this.next || (first && this.next.number < first.number)) this.next = newestStart(media)
    const { number, part } = this.next
    return media.segments.flatMap((segment) => {
      if (segment.number < number) return []
      const { parts, whole } = segment
      const pieces = parts.length > 0 ? parts : whole ? [whole] : []
      return pieces.slice(segment.number === number ? part : 0).map((piece) => ({ segment, piece }))
    })
  }

  /** Fetches a piece and waits until the program has taken it; false: what follows is another stream. */
  private async give(segment: HlsMediaSegment, piece: HlsPiece): Promise<boolean> {
    const { init } = segment
    const initUrl = init?.url ?? ''
    if (this.initUrl === null && init) await this.write(await this.get(init))
    // Another start in mid-stream is another program's business; so is a time line that begins anew.
    else if (this.initUrl !== null && this.initUrl !== initUrl) return false
    this.initUrl = initUrl
    const hinted = this.hinted?.url === piece.url ? await this.hinted.bytes : null
    await this.write(hinted ?? (await this.get(piece)))
    this.moveOn(segment, piece)
    return !this.ending.signal.aborted
  }

  private moveOn({ number, parts, whole }: HlsMediaSegment, piece: HlsPiece): void {
    const at = parts.indexOf(piece)
    const isLast = at < 0 || (whole !== null && at === parts.length - 1)
    this.next = isLast ? { number: number + 1, part: 0 } : { number, part: at + 1 }
  }

  private async write(bytes: Uint8Array): Promise<void> {
    if (this.out.destroyed || this.ending.signal.aborted) return
    if (!this.out.write(bytes)) await once(this.out, 'drain', { signal: this.ending.signal })
  }

  private async playlist(wait: boolean): Promise<HlsMedia> {
    const url = new URL(this.url)
    if (wait && this.next) {
      url.searchParams.set('_HLS_msn', String(this.next.number))
      url.searchParams.set('_HLS_part', String(this.next.part))
    }
    return this.patiently(async () => {
      const { bytes, at } = await webFetch(url.href, {
        ...{ signal: this.ending.signal, limit: MAX_PLAYLIST, timeoutMs: ANSWER_MS },
      })
      const text = new TextDecoder().decode(bytes)
      const media = readHlsMedia(text, at)
      this.takeHint(media)
      return media
    })
  }

  /** Asks for the part that the server says comes next: the answer comes when it is made, without another way there. */
  private takeHint({ hint }: HlsMedia): void {
    if (hint === null || this.hinted?.url === hint.url) return
    const bytes = webFetch(hint.url, {
      ...{ signal: this.ending.signal, limit: MAX_PIECE, timeoutMs: ANSWER_MS, range: hint.range },
    }).then(
      (answer) => answer.bytes,
      () => null,
    )
    this.hinted = { url: hint.url, bytes }
  }

  private async get({ url, range }: HlsPiece): Promise<Uint8Array> {
    return this.patiently(async () => {
      const { bytes } = await webFetch(url, {
        ...{ signal: this.ending.signal, limit: MAX_PIECE, timeoutMs: ANSWER_MS, range },
      })
      return bytes
    })
  }

  private async patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return await work()
      } catch (error) {
        if (tried >= TRIES || this.ending.signal.aborted) throw error
        await pause(RETRY_MS * tried, this.ending.signal)
      }
    }
  }
}

/** The newest part that can be decoded by itself; where none says so, the newest segment. */
function newestStart({ segments }: HlsMedia): { number: number; part: number } {
  for (const { number, parts, whole } of segments.toReversed()) {
    const part = parts.findLastIndex(({ independent }) => independent)
    if (part >= 0) return { number, part }
    if (parts.length === 0 && whole) return { number, part: 0 }
  }
  return { number: segments[0]?.number ?? 0, part: 0 }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
