import { StudioError } from '@shared/errors'
import { CaptureMessage, isDesktopId, type CaptureReply, type CaptureRequest } from '@shared/media/browser-capture'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink, type CaptureSource } from '../capture-source'
import { SlotPacer } from '../demo/slot-pacer'
import type { I420Frame } from '../i420'
import { darkPicture } from '../slate-source'
import { samplesOfFrames, type StudioFormat } from '../studio-format'
import { isWhole, PictureFitter } from './captured-picture'
import { SoundQueue } from './sound-queue'

/** The engine's end of a capture by the window. */
export interface BrowserLink {
  post(reply: CaptureReply): void
  /** What the window says; only one listener. */
  onMessage(listener: (message: unknown) => void): void
  /** The window has gone, or has ended the capture. */
  onClose(listener: () => void): void
  close(): void
}

/** Asks the window of the app for captures. */
export interface BrowserLinks {
  /** @throws StudioError when there is no window */
  open(request: CaptureRequest): Promise<BrowserLink>
}

type BrowserSpec = Extract<SourceSpec, { kind: 'browser' }>

/** Until the first picture or sound: the system may ask the person for permission. */
const OPEN_MS = 15_000
/** A camera that sends no picture for so long has gone. A screen on which nothing moves sends none. */
const SILENT_MS = 5000

/**
 * Opens what the window of the app captures (getUserMedia): at the studio's rate by our own clock, a picture that is
 * missing is repeated and one too many left out.
 * @throws StudioError `browser-denied`, `browser-missing`, `browser-busy`, `browser-silent`, `browser-failed`
 */
export async function openBrowser(
  spec: BrowserSpec,
  links: BrowserLinks,
  format: StudioFormat,
  signal?: AbortSignal,
): Promise<CaptureSource> {
  const { video, audio, label } = spec
  const link = await links.open({ video, audio, ...format })
  const source = new BrowserSource(link, spec, { label, ...format, hasAudio: audio !== null })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<StudioError>((resolve) => {
    timer = setTimeout(() => resolve(failure(label, 'timeout')), OPEN_MS)
    signal?.addEventListener('abort', () => resolve(failure(label, 'AbortError')), { once: true })
  })
  const refused = await Promise.race([source.opened, late])
  clearTimeout(timer)
  if (!refused) return source
  await source.close()
  throw refused
}

class BrowserSource implements CaptureSource {
  /** Null once a picture (or without one a sound) has come; else why there is none. */
  readonly opened: Promise<StudioError | null>
  private settle!: (error: StudioError | null) => void
  private sink: CaptureSink | null = null
  private pacer: SlotPacer | null = null
  private closed = false
  private seenAtMs = performance.now()
  private readonly newest: I420Frame
  private readonly fitter = new PictureFitter()
  private readonly sounds = new SoundQueue()
  private readonly slotSound: Uint8Array

  constructor(
    private readonly link: BrowserLink,
    private readonly spec: BrowserSpec,
    readonly info: SourceInfo,
  ) {
    this.newest = darkPicture(info)
    this.slotSound = new Uint8Array(Math.ceil(AUDIO_RATE / info.fps) * AUDIO_CHANNELS * 2)
    this.opened = new Promise((resolve) => (this.settle = resolve))
    link.onMessage((message) => this.take(message))
    link.onClose(() => this.fail(failure(info.label, 'closed')))
  }

  start(sink: CaptureSink): void {
    this.sink = sink
    this.seenAtMs = performance.now()
    this.pacer = new SlotPacer(this.info.fps, {
      make: (index, dueMs) => {
        const frame = sink.acquire()
        if (!frame) return false
        frame.data.set(this.newest.data)
        this.sound(sink, index, 1)
        sink.commit(frame, dueMs)
        this.watch()
        return true
      },
      skip: (first, count) => {
        this.sound(sink, first, count)
        sink.dropped(count)
      },
    })
    this.pacer.start()
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true
      this.pacer?.stop()
      this.link.post('stop')
      this.link.close()
    }
    return Promise.resolve()
  }

  private sound(sink: CaptureSink, first: number, count: number): void {
    for (let slot = first; slot < first + count; slot++) {
      const { fps } = this.info
      const samples = samplesOfFrames(slot + 1, fps, AUDIO_RATE) - samplesOfFrames(slot, fps, AUDIO_RATE)
      const pcm = this.slotSound.subarray(0, samples * AUDIO_CHANNELS * 2)
      this.sounds.take(pcm)
      sink.audio(pcm)
    }
  }

  private take(message: unknown): void {
    if (this.closed) return
    const parsed = CaptureMessage.safeParse(message)
    if (!parsed.success) {
      this.fail(failure(this.info.label, 'it sent something else'))
      return
    }
    const { data } = parsed
    if (data.t === 'failed') {
      this.fail(failure(this.info.label, data.name, data.message))
      return
    }
    if (data.t === 'video') {
      this.link.post('ack')
      if (!isWhole(data)) {
        this.fail(failure(this.info.label, 'it sent half a picture'))
        return
      }
      this.fitter.fit(data, this.newest)
      this.seenAtMs = performance.now()
      this.settle(null)
    } else if (data.t === 'audio') {
      this.sounds.push(data.pcm)
      if (this.spec.video === null) {
        this.seenAtMs = performance.now()
        this.settle(null)
      }
    }
  }

  private watch(): void {
    if (this.spec.video !== null && isDesktopId(this.spec.video)) return
    if (performance.now() - this.seenAtMs > SILENT_MS) this.fail(failure(this.info.label, 'timeout'))
  }

  private fail(error: StudioError): void {
    if (this.closed) return
    this.settle(error)
    void this.close()
    this.sink?.ended(error)
  }
}

/** A sentence for how a capture failed; `why` is the name of Chromium's DOMException or a word of our own. */
function failure(label: string, why: string, details = ''): StudioError {
  switch (why) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new StudioError(
        'browser-denied',
        `The system does not let us use "${label}". Allow it in the system's privacy settings.`,
      )
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new StudioError('browser-missing', `"${label}" is not there. Plug it in, or choose another source.`)
    case 'NotReadableError':
      return new StudioError('browser-busy', `"${label}" is used by another program. Close that program first.`)
    case 'timeout':
      return new StudioError('browser-silent', `"${label}" sends nothing. Unplug it and plug it in again.`)
    case 'closed':
      return new StudioError('browser-gone', `"${label}" was unplugged or closed. Choose it again or another source.`)
    default:
      return new StudioError(
        'browser-failed',
        `"${label}" could not be captured (${details || why}). Choose it again or another source.`,
      )
  }
}
