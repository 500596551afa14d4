import type { KernelFactory, PixelKernel } from '../src/main/media/beauty/pixel-kernel'
import { ownCpuMs } from './cpu-time'

/** Which stage a loop of the kernel belongs to. */
const STAGES: Record<Exclude<keyof PixelKernel, 'name' | 'floats'>, string> = {
  take: 'copy',
  giveBack: 'copy',
  shrink: 'read',
  shrinkTexture: 'read',
  fadeTone: 'mask',
  gateSkin: 'mask',
  closeMasks: 'mask',
  blur: 'blur',
  weighLuma: 'smooth',
  fitLuma: 'smooth',
  smoothLuma: 'smooth',
  whitenLuma: 'smooth',
  fillDips: 'flaws',
  dullShine: 'flaws',
  weighChroma: 'smooth',
  changeChroma: 'smooth',
  addChange: 'write',
  moveCells: 'warp',
}

/** CPU milliseconds per stage and frame. */
export class StageTimes {
  readonly #frames: Map<string, number>[] = []
  #frame = new Map<string, number>()

  /** The same kernel, with a clock around every loop. */
  around(create: KernelFactory): KernelFactory {
    return (width, height) => this.#timed(create(width, height))
  }

  /** What follows belongs to the next frame. */
  endFrame(): void {
    this.#frames.push(this.#frame)
    this.#frame = new Map()
  }

  /** Forgets all frames. */
  clear(): void {
    this.#frames.length = 0
    this.#frame.clear()
  }

  /** The times of each stage, one for each frame. */
  perStage(): Map<string, number[]> {
    const stages = new Set(this.#frames.flatMap((frame) => [...frame.keys()]))
    return new Map([...stages].map((stage) => [stage, this.#frames.map((frame) => frame.get(stage) ?? 0)]))
  }

  #timed(kernel: PixelKernel): PixelKernel {
    const timed: Record<string, unknown> = {
      name: kernel.name,
      floats: (count: number) => kernel.floats(count),
    }
    for (const [loop, stage] of Object.entries(STAGES) as [keyof typeof STAGES, string][]) {
      const run = kernel[loop].bind(kernel) as (...parameters: unknown[]) => unknown
      timed[loop] = (...parameters: unknown[]): unknown => {
        const begun = ownCpuMs()
        const result = run(...parameters)
        this.#frame.set(stage, (this.#frame.get(stage) ?? 0) + ownCpuMs() - begun)
        return result
      }
    }
    return timed as unknown as PixelKernel
  }
}
