import { InferenceSession, Tensor } from 'onnxruntime-node'
import { join } from 'node:path'
import { COVER_SIDE, type CoverClasses } from '@shared/media/cover-verdict'
import { SESSION_OPTIONS } from '../face/onnx-model'

const PIXELS = COVER_SIDE * COVER_SIDE

/** Says what a cover likely shows, on this computer alone; 11 ms a picture. The model is opened at the first. */
export class CoverChecker {
  #session: Promise<InferenceSession> | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(private readonly modelsDir: string) {}

  /** @param rgba `COVER_SIDE` squared, 4 bytes a pixel; alpha is not looked at */
  check(rgba: Uint8Array): Promise<CoverClasses> {
    // one at a time: a page of covers must not take all threads from a live
    const next = this.#last.then(() => this.#run(rgba))
    this.#last = next.catch(() => undefined)
    return next
  }

  async close(): Promise<void> {
    await this.#last
    await (await this.#session)?.release()
  }

  async #run(rgba: Uint8Array): Promise<CoverClasses> {
    this.#session ??= InferenceSession.create(join(this.modelsDir, 'cover-check.onnx'), SESSION_OPTIONS)
    const session = await this.#session
    const planes = new Float32Array(3 * PIXELS)
    for (let i = 0; i < PIXELS; i++) {
      planes[i] = rgba[i * 4]! / 255
      planes[PIXELS + i] = rgba[i * 4 + 1]! / 255
      planes[2 * PIXELS + i] = rgba[i * 4 + 2]! / 255
    }
    const input = new Tensor('float32', planes, [1, 3, COVER_SIDE, COVER_SIDE])
    const results = await session.run({ [session.inputNames[0]!]: input })
    const [drawing, hentai, neutral, porn, sexy] = results[session.outputNames[0]!]!.data as Float32Array
    return { drawing: drawing!, hentai: hentai!, neutral: neutral!, porn: porn!, sexy: sexy! }
  }
}
