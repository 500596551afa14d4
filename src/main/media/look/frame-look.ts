import type { LookSettings } from '@shared/media/look-settings'
import type { I420Frame, RgbImage } from '../i420'
import { unit, type ColourMap } from './colour-map'
import { bakeCube, cubeMap } from './cube'
import { YuvLook } from './lut-yuv'
import { OWN_LOOK_MAPS } from './own-looks'
import { darkenCorners, Vignette } from './vignette'

/** The map of a choice; null for none. Our own are sampled to 33³ tables, as if they had come as .cube files. */
export function lookMap(settings: LookSettings, cube: ColourMap | null): ColourMap | null {
  if (settings.look === 'none') return null
  if (settings.look === 'cube') return cube
  return cubeMap(bakeCube(OWN_LOOK_MAPS[settings.look]))
}

/** About 10 ms of a live frame's time at the worst; see [Note: Columns of a look]. */
export const LIVE_COLUMNS = 1500

/** Colours whole frames in place: look, then vignette. Nothing chosen leaves every byte. */
export class FrameLook {
  #chosen: LookSettings['look'] = 'none'
  #cube: ColourMap | null = null
  #look: YuvLook | null = null
  readonly #vignette = new Vignette()

  /** @param columnsPerFrame as `YuvLook` has it: `LIVE_COLUMNS` for a show, nothing for a file */
  constructor(private readonly columnsPerFrame?: number) {}

  /** From the next frame on. @param cube the imported table, for the look `cube` */
  set(settings: LookSettings, cube: ColourMap | null = null): void {
    if (settings.look !== this.#chosen || cube !== this.#cube) {
      const map = lookMap(settings, cube)
      this.#look = map && new YuvLook(map, this.columnsPerFrame)
      this.#chosen = settings.look
      this.#cube = cube
    }
    if (this.#look) this.#look.intensity = settings.intensity
    this.#vignette.strength = settings.vignette
  }

  apply(frame: I420Frame): void {
    this.#look?.apply(frame)
    this.#vignette.apply(frame)
  }
}

/** The same on a still picture, in full colour resolution. */
export function colourPicture(image: RgbImage, settings: LookSettings, cube: ColourMap | null): void {
  const map = lookMap(settings, cube)
  if (map && settings.intensity > 0) mapPicture(image, map, settings.intensity)
  darkenCorners(image, settings.vignette)
}

/** Colours an RGB picture in place. */
export function mapPicture({ data }: RgbImage, map: ColourMap, intensity: number): void {
  const colour = new Float64Array(3)
  for (let at = 0; at < data.length; at += 3) {
    for (let channel = 0; channel < 3; channel++) colour[channel] = data[at + channel]! / 255
    map(colour)
    for (let channel = 0; channel < 3; channel++) {
      const before = data[at + channel]!
      data[at + channel] = Math.round(before + (unit(colour[channel]!) * 255 - before) * intensity)
    }
  }
}
