import type { EffectSettings } from '@shared/media/effect-settings'
import type { PersonEffect, PersonPicture, PersonSettings } from '../person/person-effect'
import { makeBackdrop } from './backdrop'
import { Matting } from './matting'
import type { MattingKernelFactory } from './matting-kernel'
import type { PersonMaskModels } from './person-mask-model'

/** Where a person is: one byte a pixel, 0 nobody to 255 wholly covered. */
export interface PersonMask {
  width: number
  height: number
  data: Uint8Array
}

/** Radius of the disc that a point becomes at full strength, as a share of the width: a portrait lens at f/1.2. */
const WIDEST_BLUR = 0.045
const LEAST_BLUR = 0.004

/** Puts another background behind the person, or the same one out of focus. */
export class Background implements PersonEffect {
  readonly needsFaces = false
  #matting: { matting: Matting; width: number; height: number } | null = null
  #found = false
  /** What the backdrop was made from, to make it again only when that changes. */
  #shown: { mode: string; colour: string; picture: unknown } | null = null

  constructor(
    private readonly models: PersonMaskModels,
    private readonly createKernel: MattingKernelFactory,
  ) {}

  wants({ effects }: PersonSettings): boolean {
    return effects.background.mode !== 'none'
  }

  /** The newest mask; null before the first. A copy, made when it is asked for. */
  get mask(): PersonMask | null {
    if (!this.#matting || !this.#found) return null
    const { matting, width, height } = this.#matting
    const data = new Uint8Array(width * height)
    for (let row = 0; row < height; row++) {
      const start = row * matting.grid.stride
      data.set(matting.alpha.subarray(start, start + width), row * width)
    }
    return { width, height, data }
  }

  /** @throws StudioError `models-missing`; the frame is as it was then */
  async apply({ frame, settings, hurried }: PersonPicture): Promise<void> {
    const { width, height } = frame
    const matting = await this.#mattingFor(width, height)
    const { background } = settings.effects
    matting.take(frame)
    const again = hurried && this.#found
    if (!again) await matting.find()
    this.#found = true
    if (background.mode === 'blur') {
      // A room that was blurred a moment ago looks the same now.
      if (!again || this.#shown?.mode !== 'blur') matting.setBlurred(blurReach(background))
      this.#shown = { mode: 'blur', colour: '', picture: null }
    } else this.#show(matting, settings, width, height)
    matting.compose()
    matting.giveBack(frame)
  }

  reset(): void {
    this.#matting?.matting.reset()
    this.#found = false
  }

  async #mattingFor(width: number, height: number): Promise<Matting> {
    const known = this.#matting
    if (known?.width === width && known.height === height) return known.matting
    const matting = new Matting(width, height, await this.models.for(width, height), this.createKernel)
    this.#matting = { matting, width, height }
    this.#found = false
    this.#shown = null
    return matting
  }

  #show(matting: Matting, { effects, backgroundPicture }: PersonSettings, width: number, height: number): void {
    const { mode, colour } = effects.background
    const picture = mode === 'picture' ? (backgroundPicture ?? null) : null
    const shown = this.#shown
    const same = shown?.mode === mode && shown.picture === picture && (mode !== 'colour' || shown.colour === colour)
    if (same) return
    matting.setBackdrop(makeBackdrop(mode, colour, picture, width, height))
    this.#shown = { mode, colour, picture }
  }
}

function blurReach({ blur }: EffectSettings['background']): number {
  return LEAST_BLUR + (WIDEST_BLUR - LEAST_BLUR) * blur
}
