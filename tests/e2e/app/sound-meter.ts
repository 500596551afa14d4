import type { Page } from '@playwright/test'

/** Listens to what the page will send to the loudspeaker; call before the sound begins. */
export async function meterSound(page: Page): Promise<void> {
  await page.evaluate(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its context below
    const { createGain } = AudioContext.prototype
    AudioContext.prototype.createGain = function () {
      const gain = createGain.call(this)
      const meter = this.createAnalyser()
      gain.connect(meter)
      const samples = new Float32Array(meter.fftSize)
      Object.assign(window, {
        loudness: () => {
          meter.getFloatTimeDomainData(samples)
          return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
        },
      })
      return gain
    }
  })
}

/** The loudest sample of the last 43 ms, 0 to 1. */
export function loudness(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { loudness?: () => number }).loudness?.() ?? 0)
}
