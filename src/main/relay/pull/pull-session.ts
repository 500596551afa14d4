import { CAPTION_LIMITS, type CaptionCue } from '@shared/captions/caption-cue'
import { StudioError } from '@shared/errors'
import type { WatchFeedMessage } from '@shared/live/watch-feed'
import type { PulledShow, PullStats } from '@shared/live/pulled-show'
import { CaptionPull } from './caption-pull'
import { AT_ONCE, Pacer, STEADY } from './pacer'
import { feedUrl } from './pull-args'
import { pullError } from './pull-error'
import { PullRun, type StartProgram } from './pull-run'
import { inputsOf, qualitiesOf, type PullSource } from './pull-source'
import type { PulledPacket } from './pulled-packets'
import type { StreamFacts } from './stream-facts'
import { UnitWriter } from './unit-writer'

export interface PullSessionEvents {
  onChanged(show: PulledShow): void
  onStats(stats: PullStats): void
  /** It is over for good. */
  onFailed(problem: StudioError): void
}

/** Waits before it is fetched again, milliseconds; after so many in a row a finished video is given up. */
const RETRIES_MS = [500, 1500, 4000]
/** A live may come back: it is looked for at this pace for so long. */
const LIVE_RETRY_MS = 5_000
const LIVE_LOST_MS = 10 * 60_000
/** A fetch that went well for so long begins the count anew. */
const WELL_MS = 20_000
/** So many times too late within that time: a smaller quality. */
const LATE_TIMES = 2
const LATE_WITHIN_MS = 30_000

/** One video of somebody else from its opening to its end: fetched, paced, fetched again when it breaks. */
export class PullSession {
  readonly opened: Promise<PulledShow>
  private show: PulledShow | null = null
  private run: PullRun | null = null
  private pacer: Pacer<PulledPacket> | null = null
  private post: ((message: WatchFeedMessage) => void) | null = null
  private readonly writer = new UnitWriter((message) => this.emit(message))
  /** Since the newest key picture, for a player that comes late. */
  private group: WatchFeedMessage[] = []
  private retries = 0
  private startedAt = 0
  /** When it last went from playing to broken. */
  private brokenAt = 0
  private lates: number[] = []
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private readonly statsTimer: ReturnType<typeof setInterval>
  private readonly stats: PullStats = { bytes: 0, bitrate: 0, reconnects: 0, lates: 0 }
  private counted = 0
  private closed = false
  /** A live that was ended by its own side, and did not come back since. */
  private endedWell = false
  /** Moment of the newest picture that left, milliseconds. */
  private playedMs = 0
  private settle: { resolve(show: PulledShow): void; reject(error: Error): void } | null = null

  private captions: CaptionPull | null = null
  private cues: CaptionCue[] = []
  /** What the video's own clock says at its moment 0, milliseconds. */
  private startMs = 0
  /** Its parts could not be read: ffmpeg fetches segments instead. */
  private noParts = false

  /** @param quality index into its variants, when it has any */
  constructor(
    private readonly source: PullSource,
    private readonly startProgram: StartProgram,
    private readonly about: { title: string; host: string },
    private quality: number,
    private readonly events: PullSessionEvents,
  ) {
    this.opened = new Promise((resolve, reject) => (this.settle = { resolve, reject }))
    this.statsTimer = setInterval(() => this.tell(), 1000)
    this.fetch(source.live === false ? 0 : null)
  }

  /** Begins to post, from the newest key picture on. Returns how to stop. */
  follow(post: (message: WatchFeedMessage) => void): () => void {
    this.post = post
    const config = this.writer.currentConfig
    if (config) post({ t: 'config', config })
    for (const message of this.group) post(message)
    if (this.cues.length > 0) post({ t: 'captions', fresh: true, cues: this.cues })
    return () => {
      if (this.post === post) this.post = null
    }
  }

  /** @param toMs of a finished video */
  seek(toMs: number): void {
    if (this.closed || this.show?.durationMs == null) return
    this.retries = 0
    this.playedMs = Math.min(Math.max(0, toMs), Math.max(0, this.show.durationMs - 200))
    this.fetch(this.playedMs)
    this.change({ phase: 'playing' })
  }

  hold(): void {
    if (this.closed || this.show?.durationMs == null) return
    this.leave()
    this.change({ phase: 'held' })
  }

  chooseQuality(id: number | null): void {
    if (this.closed || this.source.variants.length === 0) return
    this.change({ automatic: id === null })
    if (id !== null && id !== this.quality && this.source.variants[id]) this.switchTo(id)
  }

  /** @param id of `PulledShow.captions`; null: none */
  chooseCaptions(id: number | null): void {
    if (this.closed || id === (this.show?.caption ?? null)) return
    const caption = id !== null && this.source.captions[id] ? id : null
    this.change({ caption })
    this.fetchCaptions()
  }

  close(): void {
    this.closed = true
    this.captions?.close()
    clearInterval(this.statsTimer)
    this.leave()
    this.settle?.reject(new StudioError('closed', 'It was closed.'))
    this.settle = null
  }

  private fetchCaptions(): void {
    this.captions?.close()
    this.captions = null
    this.cues = []
    this.emit({ t: 'captions', fresh: true, cues: [] })
    const chosen = this.source.captions[this.show?.caption ?? -1]
    if (!chosen) return
    this.captions = new CaptionPull({
      url: chosen.url,
      positionMs: () => this.playedMs,
      startMs: this.startMs,
      onCues: (cues) => {
        this.cues = [...this.cues, ...cues].slice(-CAPTION_LIMITS.cues)
        this.emit({ t: 'captions', fresh: false, cues })
      },
    })
  }

  private get isFinished(): boolean {
    return this.show ? this.show.durationMs !== null : this.source.live === false
  }

  private leave(): void {
    clearTimeout(this.retryTimer)
    this.run?.close()
    this.pacer?.close()
    this.run = this.pacer = null
  }

  private fetch(fromMs: number | null): void {
    this.leave()
    this.startedAt = performance.now()
    const variant = this.source.variants[this.quality]
    const parts = this.source.parts && !this.noParts
    const source = { ...this.source, parts, ...(variant ? { inputs: inputsOf(variant) } : {}) }
    const isFed = feedUrl(source) !== null
    let pacer: Pacer<PulledPacket> | null = null
    let jumped = this.show === null
    const run = new PullRun(this.startProgram, source, fromMs, {
      onFacts: (facts, recoded) => {
        this.learn(facts, recoded)
        pacer = this.pacer = this.makePacer(run, fromMs, isFed)
      },
      onConfig: (config) => {
        // Only now is there something to show in place of what is on the screen.
        if (!jumped) this.jump()
        jumped = true
        this.writer.setPicture(config)
        this.size(config)
      },
      onSoundConfig: (asc) => this.writer.setSound(asc),
      onPacket: (packet) => pacer?.give(packet),
      onOver: (problem) => {
        // A server whose parts are not what they seem has segments still.
        if (isFed && problem !== null && pacer === null) {
          this.noParts = true
          this.fetch(fromMs)
        } else this.ended(problem, pacer)
      },
    })
    this.run = run
  }

  private makePacer(run: PullRun, fromMs: number | null, isFed: boolean): Pacer<PulledPacket> {
    const isSteady = (this.source.kind === 'hls' && !isFed) || this.isFinished
    return new Pacer<PulledPacket>(
      {
        onDue: (packet) => this.due(packet),
        onJump: () => this.jump(),
        onFull: (full) => (full ? run.pause() : run.resume()),
        onLate: () => this.late(),
        onDone: () => this.finished(),
      },
      fromMs,
      isSteady ? STEADY : AT_ONCE,
    )
  }

  private learn(facts: StreamFacts, recoded: boolean): void {
    this.writer.silent = !facts.hasSound
    const isMoved = Math.abs(facts.startMs - this.startMs) > 1
    this.startMs = facts.startMs
    // Each fetch of a live begins a time line of its own.
    if (this.captions && isMoved) this.fetchCaptions()
    if (this.show) return
    const durationMs = this.source.live === true ? null : (this.source.durationMs ?? facts.durationMs)
    const { width = 0, height = 0 } = facts.picture ?? {}
    const qualities = qualitiesOf(this.source)
    const { kind } = this.source
    this.show = {
      ...{ ...this.about, kind, live: durationMs === null, durationMs, width, height, recoded, qualities },
      ...{ quality: qualities.length > 0 ? this.quality : null, automatic: qualities.length > 0, phase: 'playing' },
      captions: this.source.captions.map(({ label, language }, id) => ({ id, label, language })),
      caption: null,
    }
  }

  private size({ width, height }: { width: number; height: number }): void {
    if (this.show && (this.show.width !== width || this.show.height !== height)) this.change({ width, height })
  }

  private due(packet: PulledPacket): void {
    const wasWaiting = this.settle
    this.writer.write(packet, Date.now())
    if (packet.track === 'picture') this.playedMs = packet.ptsMs
    if (packet.track !== 'picture' || !packet.key || !this.show) return
    if (wasWaiting) {
      this.settle = null
      wasWaiting.resolve(this.show)
    } else if (this.show.phase === 'reconnecting' || this.show.phase === 'ended') this.change({ phase: 'playing' })
  }

  private emit(message: WatchFeedMessage): void {
    if (message.t === 'unit' && message.unit.track === 'picture' && message.unit.key) this.group = []
    if (message.t === 'jump') this.group = []
    else if (message.t === 'unit' && this.group.length < 2000) this.group.push(message)
    this.post?.(message)
  }

  private jump(): void {
    this.writer.jump()
  }

  private late(): void {
    this.stats.lates++
    const now = performance.now()
    this.lates = [...this.lates.filter((at) => now - at < LATE_WITHIN_MS), now]
    if (!this.show?.automatic || this.lates.length < LATE_TIMES || this.quality + 1 >= this.source.variants.length)
      return
    this.switchTo(this.quality + 1)
  }

  private switchTo(quality: number): void {
    this.quality = quality
    this.lates = []
    this.change({ quality })
    this.fetch(this.isFinished ? this.playedMs : null)
  }

  private ended(problem: Error | null, pacer: Pacer<PulledPacket> | null): void {
    // What is here already is played first.
    if (problem === null && pacer) pacer.end()
    else this.broke(problem instanceof StudioError ? problem : pullError('cannot-play', problem))
  }

  /** All was played. A live may only have been interrupted. */
  private finished(): void {
    if (this.isFinished) this.over()
    else this.broke(null)
  }

  /** @param error null: it ended by itself */
  private broke(error: StudioError | null): void {
    if (performance.now() - this.startedAt > WELL_MS) this.retries = 0
    const now = performance.now()
    if (this.show?.phase === 'playing') this.brokenAt = now
    const isLost = this.isFinished || now - this.brokenAt > LIVE_LOST_MS
    const wait = RETRIES_MS[this.retries] ?? (isLost ? undefined : LIVE_RETRY_MS)
    this.endedWell = error === null || (this.endedWell && error.code === 'nothing-there')
    // What never played is not tried again: the person waits for an answer.
    if (this.show && !this.settle && wait !== undefined) {
      this.leave()
      // one that said goodbye is over for the person, until it is there again
      const isOver = this.endedWell && this.retries >= RETRIES_MS.length
      if (this.retries++ < RETRIES_MS.length) this.stats.reconnects++
      this.change({ phase: isOver ? 'ended' : 'reconnecting' })
      this.retryTimer = setTimeout(() => this.fetch(this.isFinished ? this.playedMs : null), wait)
    } else if (this.endedWell && !this.settle) this.over()
    else this.fail(error ?? pullError('nothing-there'))
  }

  private over(): void {
    this.leave()
    this.change({ phase: 'ended' })
  }

  private fail(error: StudioError): void {
    if (this.closed) return
    const { settle } = this
    this.settle = null
    this.close()
    if (settle) settle.reject(error)
    else this.events.onFailed(error)
  }

  private change(change: Partial<PulledShow>): void {
    if (!this.show || this.closed) return
    this.show = { ...this.show, ...change }
    this.events.onChanged(this.show)
  }

  private tell(): void {
    const { bytes = this.counted } = this.run ?? {}
    const since = Math.max(0, bytes - this.counted)
    this.counted = bytes
    this.stats.bytes += since
    this.stats.bitrate = since * 8
    if (this.show) this.events.onStats({ ...this.stats })
  }
}
