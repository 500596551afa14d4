import type { KernelFactory, PixelKernel } from '../src/main/media/beauty/pixel-kernel'

/** Which stage a loop of the kernel belongs to. */
const STAGES: Record<Exclude<keyof PixelKernel, 'name' | 'floats'>, string> = {
  take: 'copy',
  giveBack: 'copy',
  shrink: 'read',
  fadeTone: 'mask',
  gateSkin: 'mask',
  closeMasks: 'mask',
  blur: 'blur',
  weighLuma: 'smooth',
  fitLuma: 'smooth',
  changeLuma: 'smooth',
  weighChroma: 'smooth',
  changeChroma: 'smooth',
  addChange: 'write',
  moveCells: 'warp',
}

/** Time per stage, in milliseconds. The loops are synchronous, so on an idle core this is CPU time. */
export class StageTimes {
  readonly ms = new Map<string, number>()

  /** The same kernel, with a clock around every loop. */
  around(create: KernelFactory): KernelFactory {
    return (width, height) => this.#timed(create(width, height))
  }

  #timed(kernel: PixelKernel): PixelKernel {
    const timed: Record<string, unknown> = {
      name: kernel.name,
      floats: (count: number) => kernel.floats(count),
    }
    for (const [loop, stage] of Object.entries(STAGES) as [keyof typeof STAGES, string][]) {
      const run = kernel[loop].bind(kernel) as (...parameters: unknown[]) => unknown
      timed[loop] = (...parameters: unknown[]): unknown => {
        const begun = performance.now()
        const result = run(...parameters)
        this.ms.set(stage, (this.ms.get(stage) ?? 0) + performance.now() - begun)
        return result
      }
    }
    return timed as unknown as PixelKernel
  }
}
