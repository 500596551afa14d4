import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { StudioError } from '@shared/errors'
import { SESSION_OPTIONS } from '../face/onnx-model'

/** A model that `scripts/models.mjs` made, and the size of its picture. */
interface MaskShape {
  file: string
  width: number
  height: number
}
const WIDE: MaskShape = { file: 'person-mask-wide.onnx', width: 256, height: 144 }
const SQUARE: MaskShape = { file: 'person-mask-square.onnx', width: 256, height: 256 }

/** MediaPipe's selfie segmentation, open for runs; input and output memory are made once. */
export class PersonMaskModel {
  readonly width: number
  readonly height: number
  readonly #input: Float32Array
  readonly #feeds: Record<string, Tensor>
  readonly #fetches: Record<string, Tensor>
  #last: Promise<unknown> = Promise.resolve()
  #released = false

  private constructor(
    private readonly session: InferenceSession,
    { width, height }: MaskShape,
  ) {
    this.width = width
    this.height = height
    this.#input = new Float32Array(3 * width * height)
    const mask = new Float32Array(width * height)
    this.#feeds = { [session.inputNames[0]!]: new Tensor('float32', this.#input, [1, 3, height, width]) }
    this.#fetches = { [session.outputNames[0]!]: new Tensor('float32', mask, [1, 1, height, width]) }
  }

  static async open(modelsDir: string, shape: MaskShape): Promise<PersonMaskModel> {
    return new PersonMaskModel(await InferenceSession.create(join(modelsDir, shape.file), SESSION_OPTIONS), shape)
  }

  /**
   * Runs the model. Runs of several callers follow one another, because they share the memory.
   *
   * @param fill writes red, green and blue planes of `count` values each, 0..1
   * @param read takes how surely each pixel shows a person, 0..1, before the next run
   */
  run(
    fill: (input: Float32Array, count: number) => void,
    read: (mask: Float32Array, input: Float32Array) => void,
  ): Promise<void> {
    const result = this.#last.then(async () => {
      if (this.#released) throw new Error('The person models were released')
      fill(this.#input, this.width * this.height)
      const [mask] = Object.values(await this.session.run(this.#feeds, this.#fetches))
      read(mask!.data as Float32Array, this.#input)
    })
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Waits for the run in progress, then frees the model's memory. */
  async release(): Promise<void> {
    this.#released = true
    await this.#last
    await this.session.release()
  }
}

/** The models of a folder, each opened when it is first needed and shared by all pictures. */
export class PersonMaskModels {
  readonly #open = new Map<MaskShape, Promise<PersonMaskModel>>()

  constructor(private readonly modelsDir: string) {}

  /**
   * The model for pictures of this shape: it sees them stretched to its own, as it was trained.
   * @throws StudioError `models-missing`
   */
  for(width: number, height: number): Promise<PersonMaskModel> {
    const shape = width >= 1.3 * height ? WIDE : SQUARE
    let model = this.#open.get(shape)
    if (!model) {
      model = PersonMaskModel.open(this.modelsDir, shape).catch((cause: unknown) => {
        throw new StudioError(
          'models-missing',
          `The person model ${join(this.modelsDir, shape.file)} is missing or damaged, so the background stays as it ` +
            'is. Run "npm run models" to make it again.',
          { cause },
        )
      })
      this.#open.set(shape, model)
    }
    return model
  }

  /** Waits for runs in progress and frees the memory; later runs fail. */
  async release(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values())
    await Promise.all(opened.flatMap((model) => (model.status === 'fulfilled' ? [model.value.release()] : [])))
  }
}
