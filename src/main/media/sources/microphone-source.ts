import { StudioError } from '@shared/errors'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import { AT_THE_SAME_CLOCK, findDevice } from '../camera-input'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink, type CaptureSource } from '../capture-source'
import { listDevices, type CaptureDevice } from '../device-list'
import type { CaptureOptions } from '../ffmpeg-capture'
import { FfmpegProcess } from '../ffmpeg-process'
import { darkPicture } from '../slate-source'
import { samplesOfFrames, STUDIO_FORMAT } from '../studio-format'

/** Until the first sound, and then between two. */
const SILENT_MS = 5000
const PAIR = AUDIO_CHANNELS * 2

/**
 * Opens a microphone alone: its sound over a dark picture. The samples are the clock.
 * @throws StudioError `microphone-missing`, `microphone-busy`, `microphone-denied`, `microphone-failed`
 */
export async function openMicrophone(
  spec: Extract<SourceSpec, { kind: 'microphone' }>,
  options: CaptureOptions,
): Promise<CaptureSource> {
  const platform = options.devices?.platform ?? process.platform
  const { microphones } = await listDevices({ ...options.devices, ffmpegPath: options.ffmpegPath })
  const microphone = spec.device === undefined ? microphones[0] : findDevice(microphones, spec.device)
  if (!microphone) throw missing(spec.device, microphones)
  const args = [
    ...['-v', 'error', '-nostdin', ...inputOf(platform, microphone), '-map', '0:a:0'],
    ...['-af', `aresample=${AUDIO_RATE}:async=1:first_pts=0`, '-ac', String(AUDIO_CHANNELS), '-f', 's16le', 'pipe:1'],
  ]
  const child = new FfmpegProcess(options.ffmpegPath, args, options.signal ? { signal: options.signal } : {})
  await firstSound(child, microphone.label, options.firstPictureMs ?? SILENT_MS)
  const info = { label: microphone.label, ...(options.format ?? STUDIO_FORMAT), hasAudio: true }
  return new MicrophoneSource(child, info)
}

function inputOf(platform: NodeJS.Platform, { id }: CaptureDevice): string[] {
  if (platform === 'darwin') return [...AT_THE_SAME_CLOCK, '-f', 'avfoundation', '-i', `none:${id}`]
  if (platform === 'win32') return [...AT_THE_SAME_CLOCK, '-f', 'dshow', '-i', `audio=${id}`]
  return [...AT_THE_SAME_CLOCK, '-f', 'alsa', '-i', id]
}

function missing(wanted: string | undefined, microphones: CaptureDevice[]): StudioError {
  const names = microphones.map(({ label }) => label).join(', ')
  const start = wanted === undefined ? 'No microphone was found.' : `There is no microphone "${wanted}".`
  return new StudioError(
    'microphone-missing',
    names ? `${start} Choose one of these: ${names}.` : `${start} Plug one in and look again.`,
  )
}

function failure(label: string, why: string): StudioError {
  if (/busy|in use/i.test(why))
    return new StudioError('microphone-busy', `The microphone "${label}" is used by another program. Close that first.`)
  if (/permission|denied|not authorized/i.test(why))
    return new StudioError(
      'microphone-denied',
      `The system does not let us use the microphone "${label}". Allow it in the system's privacy settings.`,
    )
  const details = why ? ` (${why})` : ''
  return new StudioError(
    'microphone-failed',
    `The microphone "${label}" could not be opened or stopped working${details}. Plug it in again or choose another.`,
  )
}

async function firstSound(child: FfmpegProcess, label: string, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const readable = new Promise<void>((resolve) => child.stdout.once('readable', () => resolve()))
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), timeoutMs)))
  const first = await Promise.race([readable, child.exited, late])
  clearTimeout(timer)
  if (child.stdout.readableLength > 0) return
  await child.stop()
  throw child.startError ?? failure(label, first === 'late' ? 'it sends no sound' : child.lastWords)
}

class MicrophoneSource implements CaptureSource {
  private closed = false
  private rest = Buffer.alloc(0)
  private samples = 0
  private frames = 0
  private heardAt = performance.now()
  private watchdog: NodeJS.Timeout | undefined
  private readonly picture: Uint8Array

  constructor(
    private readonly child: FfmpegProcess,
    readonly info: SourceInfo,
  ) {
    this.picture = darkPicture(info).data
  }

  start(sink: CaptureSink): void {
    this.heardAt = performance.now()
    this.child.stdout.on('data', (chunk: Buffer) => {
      if (!this.closed) this.take(chunk, sink)
    })
    this.watchdog = setInterval(() => {
      if (performance.now() - this.heardAt > SILENT_MS) this.over(sink, 'it sends no sound')
    }, 1000)
    void this.child.exited.then(() => this.over(sink, this.child.lastWords))
  }

  async close(): Promise<void> {
    this.closed = true
    clearInterval(this.watchdog)
    await this.child.stop()
  }

  private over(sink: CaptureSink, why: string): void {
    if (this.closed) return
    void this.close()
    sink.ended(failure(this.info.label, why))
  }

  private take(chunk: Buffer, sink: CaptureSink): void {
    this.heardAt = performance.now()
    const pcm = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk
    const whole = pcm.length - (pcm.length % PAIR)
    this.rest = Buffer.from(pcm.subarray(whole))
    if (whole === 0) return
    this.samples += whole / PAIR
    sink.audio(pcm.subarray(0, whole))
    while (samplesOfFrames(this.frames + 1, this.info.fps, AUDIO_RATE) <= this.samples) {
      this.frames++
      const frame = sink.acquire()
      if (!frame) sink.dropped(1)
      else {
        frame.data.set(this.picture)
        sink.commit(frame, performance.now())
      }
    }
  }
}
