import workletUrl from './sound-worklet?worker&url'
import { SOUND_PROCESSOR, type SoundCommand, type SoundReport } from './sound-messages'

const RATE = 48_000
const FRAME = 1024
/** Decoded frames on their way; more mean that the decoder hangs. */
const MAX_PENDING = 200

/** Where the sound is: this moment of the live was heard at that time of `performance.now()`, milliseconds. */
export type SoundPosition = (heardAt: number, mediaMs: number) => void

/**
 * AAC frames to the loudspeaker by the clock of the sound card. Raw frames with their AudioSpecificConfig: Chromium's
 * decoder takes them so (measured on 130).
 */
export class SoundOutput {
  #decoder: AudioDecoder | null = null
  #asc: Uint8Array | null = null
  readonly #context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' })
  readonly #gain = this.#context.createGain()
  #node: AudioWorkletNode | null = null
  #early: SoundCommand[] = []
  #closed = false

  constructor(
    private readonly onPosition: SoundPosition,
    private readonly onError: (why: string) => void,
  ) {
    this.#gain.connect(this.#context.destination)
    this.#context.audioWorklet.addModule(workletUrl).then(
      () => this.#begin(),
      (error: unknown) => this.onError(`no sound worklet: ${String(error)}`),
    )
  }

  /** Milliseconds from being played to being heard. */
  get latencyMs(): number {
    return (this.#context.outputLatency || this.#context.baseLatency) * 1000
  }

  /** 0 to 1. */
  set volume(volume: number) {
    // Steps click.
    this.#gain.gain.setTargetAtTime(volume, this.#context.currentTime, 0.015)
  }

  configure(asc: Uint8Array): void {
    // Another size of the picture is a new configuration too, and no reason for a gap in the sound.
    if (this.#asc?.length === asc.length && asc.every((byte, i) => byte === this.#asc![i])) return
    this.#asc = asc
    this.#reset()
  }

  /** Number of the frame since the start of the live. */
  decode(frame: number, data: Uint8Array): void {
    if (this.#decoder?.state !== 'configured') {
      if (this.#asc === null || this.#closed) return
      this.#reset()
    }
    if (this.#decoder === null || this.#decoder.decodeQueueSize > MAX_PENDING) return
    const timestamp = Math.round((frame * FRAME * 1e6) / RATE)
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data }))
  }

  /** This moment of the live is to be heard at that time. */
  play(at: number, mediaMs: number, rate: number): void {
    const contextAt = this.#context.currentTime
    const place = ((mediaMs + (this.#heardAt(contextAt) - at) * rate) * RATE) / 1000
    this.#post({ t: 'play', place, at: contextAt, rate })
  }

  setRate(rate: number): void {
    this.#post({ t: 'rate', rate })
  }

  hold(): void {
    this.#post({ t: 'hold' })
  }

  close(): void {
    this.#closed = true
    if (this.#decoder?.state === 'configured') this.#decoder.close()
    this.#node?.port.close()
    void this.#context.close()
  }

  #begin(): void {
    if (this.#closed) return
    const node = new AudioWorkletNode(this.#context, SOUND_PROCESSOR, { outputChannelCount: [2] })
    node.port.onmessage = ({ data }: MessageEvent<SoundReport>) => {
      if (!this.#closed) this.onPosition(this.#heardAt(data.at), (data.place * 1000) / RATE)
    }
    node.connect(this.#gain)
    this.#node = node
    for (const command of this.#early.splice(0)) this.#post(command)
    void this.#context.resume()
  }

  /** When a moment of the context is heard, as `performance.now()`. */
  #heardAt(contextTime: number): number {
    const { contextTime: known, performanceTime } = this.#context.getOutputTimestamp()
    if (!known || !performanceTime) return performance.now() + this.latencyMs
    return performanceTime + (contextTime - known) * 1000
  }

  #reset(): void {
    if (this.#decoder?.state === 'configured') this.#decoder.close()
    const decoder = new AudioDecoder({
      output: (sound) => {
        this.#write(sound)
        sound.close()
      },
      // A new one is made with the next frame.
      error: (error) => this.onError(error.message),
    })
    this.#decoder = decoder
    const [first = 0] = this.#asc!
    const codec = `mp4a.40.${first >> 3}`
    decoder.configure({ codec, sampleRate: RATE, numberOfChannels: 2, description: this.#asc! })
  }

  #write(sound: AudioData): void {
    const frames = sound.numberOfFrames
    const left = new Float32Array(frames)
    const right = new Float32Array(frames)
    sound.copyTo(left, { planeIndex: 0, format: 'f32-planar' })
    sound.copyTo(right, { planeIndex: Math.min(1, sound.numberOfChannels - 1), format: 'f32-planar' })
    const place = Math.round((sound.timestamp * RATE) / 1e6)
    this.#post({ t: 'write', place, left, right }, [left.buffer, right.buffer])
  }

  #post(command: SoundCommand, transfer: Transferable[] = []): void {
    if (this.#closed) return
    if (this.#node) this.#node.port.postMessage(command, transfer)
    else if (this.#early.length < MAX_PENDING) this.#early.push(command)
  }
}
