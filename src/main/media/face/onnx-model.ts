import { InferenceSession, Tensor } from 'onnxruntime-node'
import { plainTarget } from './crop-target'
import type { CropTarget } from './picture-source'

/** Two threads bring no time and double the CPU: they spin while they wait. */
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
}

/** An open ONNX model with one square picture as input; its input memory is made once and used for every run. */
export class OnnxModel {
  readonly #session: InferenceSession
  readonly #target: CropTarget
  readonly #feeds: Record<string, Tensor>
  #last: Promise<unknown> = Promise.resolve()
  #released = false

  private constructor(session: InferenceSession, target: CropTarget) {
    const { side, planes } = target
    this.#session = session
    this.#target = target
    this.#feeds = { [session.inputNames[0]!]: new Tensor('float32', planes, [1, 3, side, side]) }
  }

  /**
   * @param side pixels of the input
   * @param low input value of black; white is 1
   * @param createTarget makes the memory of the input
   */
  static async open(path: string, side: number, low: number, createTarget = plainTarget): Promise<OnnxModel> {
    return new OnnxModel(await InferenceSession.create(path, SESSION_OPTIONS), createTarget(side, low))
  }

  get side(): number {
    return this.#target.side
  }

  /**
   * Runs the model on what `fill` draws. Runs of several callers follow one another, because they share the input.
   *
   * @param read turns the outputs, found by their length, into a result before the next run
   */
  run<T>(fill: (target: CropTarget) => void, read: (output: (length: number) => Float32Array) => T): Promise<T> {
    const result = this.#last.then(async () => {
      if (this.#released) throw new Error('The face models were released')
      fill(this.#target)
      const tensors = Object.values(await this.#session.run(this.#feeds))
      return read((length) => tensors.find((tensor) => tensor.data.length === length)!.data as Float32Array)
    })
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Waits for the run in progress, then frees the model's memory. */
  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    await this.#last
    await this.#session.release()
  }
}
