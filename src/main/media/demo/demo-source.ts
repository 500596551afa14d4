import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StudioError } from '@shared/errors'
import type { SourceInfo } from '@shared/media/source-spec'
import { AUDIO_RATE, type CaptureSink, type CaptureSource } from '../capture-source'
import { samplesOfFrames } from '../studio-format'
import { DemoPresenter, type DemoPresenterOptions } from './demo-presenter'
import type { DemoWorkerData, DemoWorkerMessage } from './demo-worker'
import type { CanonicalFace } from './head-mesh'
import { SharedSlots } from './shared-slots'
import { SlotPacer } from './slot-pacer'

export interface DemoSourceOptions {
  /** Even, pixels. */
  width: number
  height: number
  fps: number
  /** The canonical face, or the folder that holds canonical-face.json. */
  mesh?: CanonicalFace
  modelsDir?: string
  /** The built demo-worker script; without it the presenter is drawn in the calling thread (tests, small pictures). */
  workerPath?: string
  /** Time strip at the bottom edge for latency measurements. */
  barcode?: boolean
}

/** Enough that a short stall of the engine does not stop the drawing. */
const SLOTS = 6
/** Painting the textures takes one to two seconds on an idle machine. */
const READY_TIMEOUT_MS = 60_000

/**
 * Opens the demo presenter as a source of constant rate with sound.
 * @throws StudioError `models-missing`, `demo-mesh-invalid`, `demo-failed`
 */
export async function openDemoSource(options: DemoSourceOptions): Promise<CaptureSource> {
  const { width, height, fps, barcode = false } = options
  const mesh = options.mesh ?? (await readMesh(options.modelsDir))
  const presenter: DemoPresenterOptions = { width, height, fps, mesh, barcode }
  if (options.workerPath === undefined) return new InThreadDemo(presenter)
  return WorkerDemo.open(presenter, options.workerPath)
}

async function readMesh(modelsDir: string | undefined): Promise<CanonicalFace> {
  try {
    return JSON.parse(await readFile(join(modelsDir ?? '', 'canonical-face.json'), 'utf8')) as CanonicalFace
  } catch (cause) {
    throw new StudioError(
      'models-missing',
      'The face shape of the demo presenter was not found. Run "npm run models" and start again.',
      { cause },
    )
  }
}

function infoOf({ width, height, fps }: DemoPresenterOptions): SourceInfo {
  return { label: 'Demo presenter', width, height, fps, hasAudio: true }
}

/** The bytes of samples, as the sink wants them; a view, the sink copies. */
function bytesOf(pcm: Int16Array): Uint8Array {
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)
}

/** Draws straight into the sink's frames, in this thread. */
class InThreadDemo implements CaptureSource {
  readonly info: SourceInfo
  private readonly presenter: DemoPresenter
  private pacer: SlotPacer | undefined

  constructor(options: DemoPresenterOptions) {
    this.info = infoOf(options)
    this.presenter = new DemoPresenter(options)
  }

  start(sink: CaptureSink): void {
    if (this.pacer) return
    const { presenter } = this
    const sound = (first: number, count: number): Uint8Array => {
      const from = samplesOfFrames(first, presenter.fps, AUDIO_RATE)
      return bytesOf(presenter.pcm(from, samplesOfFrames(first + count, presenter.fps, AUDIO_RATE) - from))
    }
    this.pacer = new SlotPacer(presenter.fps, {
      make(index, dueMs) {
        const frame = sink.acquire()
        if (!frame) return false
        presenter.draw(index, Date.now(), frame)
        sink.commit(frame, dueMs)
        sink.audio(sound(index, 1))
        return true
      },
      skip(first, count) {
        sink.dropped(count)
        sink.audio(sound(first, count))
      },
    })
    this.pacer.start()
  }

  close(): Promise<void> {
    this.pacer?.stop()
    return Promise.resolve()
  }
}

/** Draws in a worker thread and copies each finished frame into the sink. */
class WorkerDemo implements CaptureSource {
  readonly info: SourceInfo
  private sink: CaptureSink | undefined
  private closed = false
  private waiting = false
  private readonly queue: DemoWorkerMessage[] = []

  private constructor(
    options: DemoPresenterOptions,
    private readonly worker: Worker,
    private readonly slots: SharedSlots,
  ) {
    this.info = infoOf(options)
    worker.on('message', (message: DemoWorkerMessage) => {
      this.queue.push(message)
      this.deliver()
    })
    worker.on('error', (cause) => this.fail(cause))
    worker.on('exit', () => this.fail(new Error('The drawing thread ended.')))
  }

  static async open(options: DemoPresenterOptions, workerPath: string): Promise<WorkerDemo> {
    const slots = SharedSlots.create(SLOTS, options.width, options.height, options.fps)
    const workerData: DemoWorkerData = { options, memory: slots.memory, slots: SLOTS }
    const worker = new Worker(workerPath, { workerData })
    try {
      await readiness(worker)
    } catch (cause) {
      await worker.terminate()
      throw cause instanceof StudioError ? cause : demoFailed(cause)
    }
    return new WorkerDemo(options, worker, slots)
  }

  start(sink: CaptureSink): void {
    if (this.sink || this.closed) return
    this.sink = sink
    this.worker.postMessage('start')
  }

  async close(): Promise<void> {
    this.closed = true
    this.queue.length = 0
    await this.worker.terminate()
  }

  /** Hands on what the worker finished, in order; waits while the sink has no free frame. */
  private deliver(): void {
    const { sink, slots, queue } = this
    while (sink && !this.closed && !this.waiting && queue.length > 0) {
      const message = queue[0]!
      if (message.kind === 'skipped') {
        sink.dropped(message.count)
        sink.audio(bytesOf(message.pcm))
      } else if (message.kind === 'filled') {
        const frame = sink.acquire()
        if (!frame) {
          this.waiting = true
          sink.onFree(() => {
            this.waiting = false
            this.deliver()
          })
          return
        }
        frame.data.set(slots.frame(message.slot).data)
        const pcm = slots.sound(message.slot).slice(0, message.samples)
        slots.free(message.slot)
        sink.commit(frame, message.atMs - performance.timeOrigin)
        sink.audio(bytesOf(pcm))
      }
      queue.shift()
    }
  }

  private fail(cause: unknown): void {
    if (this.closed) return
    this.closed = true
    this.sink?.ended(demoFailed(cause))
  }
}

function demoFailed(cause: unknown): StudioError {
  return new StudioError('demo-failed', 'The demo presenter stopped working. Choose it again to restart it.', { cause })
}

/** Resolves when the worker has painted its textures; rejects when it breaks or stays silent. */
function readiness(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      done()
    }
    const onMessage = (message: DemoWorkerMessage): void => {
      if (message.kind === 'ready') settle(resolve)
    }
    const onError = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))))
    const onExit = (): void => settle(() => reject(new Error('The drawing thread ended before it was ready.')))
    const timer = setTimeout(
      () => settle(() => reject(new Error('The drawing thread did not start.'))),
      READY_TIMEOUT_MS,
    )
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
  })
}
