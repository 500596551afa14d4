import type { Page } from '@playwright/test'

/** Listens to what the page will send to the loudspeaker; call before the sound begins. */
export async function meterSound(page: Page): Promise<void> {
  await page.evaluate(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its context below
    const { createGain } = AudioContext.prototype
    AudioContext.prototype.createGain = function () {
      const gain = createGain.call(this)
      const meter = this.createAnalyser()
      meter.fftSize = 1024
      gain.connect(meter)
      const samples = new Float32Array(meter.fftSize)
      Object.assign(window, {
        outputLatency: () => this.outputLatency,
        loudness: () => {
          meter.getFloatTimeDomainData(samples)
          return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
        },
      })
      return gain
    }
  })
}

/** The loudest sample of the last 21 ms, 0 to 1. */
export function loudness(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { loudness?: () => number }).loudness?.() ?? 0)
}

/**
 * Of a video that flashes and beeps at once: how much later each beep is heard than its flash is seen, seconds; as the
 * page can know it, at each of its refreshes.
 */
export function beepsAfterFlashes(page: Page, milliseconds: number): Promise<number[]> {
  return page.getByLabel('Live video').evaluate(async (element, length) => {
    const { loudness, outputLatency } = window as unknown as { loudness: () => number; outputLatency: () => number }
    const context = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true })!
    const flashes: number[] = []
    const beeps: number[] = []
    let wasBright = true
    let wasLoud = true
    const end = performance.now() + length
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      context.drawImage(element as HTMLVideoElement, 0, 0, 8, 8)
      const isBright = context.getImageData(4, 4, 1, 1).data[0]! > 128
      const isLoud = loudness() > 0.1
      if (isBright && !wasBright) flashes.push(now)
      if (isLoud && !wasLoud) beeps.push(now)
      wasBright = isBright
      wasLoud = isLoud
    }
    return flashes.flatMap((flash) => {
      const beep = beeps.find((at) => Math.abs(at - flash) < 450)
      return beep === undefined ? [] : [(beep - flash) / 1000 + outputLatency()]
    })
  }, milliseconds)
}
