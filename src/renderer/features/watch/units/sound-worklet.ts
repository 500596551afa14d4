import { SOUND_PROCESSOR, type SoundCommand, type SoundReport } from './sound-messages'
import { SoundRing } from './sound-ring'

// The scope of an audio worklet, which TypeScript's DOM library does not know.
declare const sampleRate: number
declare const currentTime: number
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

/** About every 43 ms. */
const REPORT_BLOCKS = 16

/** Plays the live's sound at the place and speed that the player asks for, and says where it is. */
class LiveSound extends AudioWorkletProcessor {
  readonly #ring = new SoundRing()
  #place: number | null = null
  #rate = 1
  #blocks = 0

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<SoundCommand>) => this.#obey(data)
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const [left, right] = outputs[0] ?? []
    if (!left || !right) return true
    if (this.#place === null) return true
    if (this.#blocks++ % REPORT_BLOCKS === 0) {
      this.port.postMessage({ place: this.#place, at: currentTime } satisfies SoundReport)
    }
    this.#place = this.#ring.read(this.#place, this.#rate, left, right)
    return true
  }

  #obey(command: SoundCommand): void {
    switch (command.t) {
      case 'write':
        this.#ring.write(command.place, command.left, command.right)
        break
      case 'play':
        this.#rate = command.rate
        this.#place = command.place + (currentTime - command.at) * sampleRate * command.rate
        this.#blocks = 0
        break
      case 'rate':
        this.#rate = command.rate
        break
      case 'hold':
        this.#place = null
        break
    }
  }
}

registerProcessor(SOUND_PROCESSOR, LiveSound)
