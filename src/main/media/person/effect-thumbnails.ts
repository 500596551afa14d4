import { setImmediate as nextTurn } from 'node:timers/promises'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import {
  BackgroundMode,
  DEFAULT_EFFECTS,
  STICKERS,
  type EffectSettings,
  type EffectThumbnail,
} from '@shared/media/effect-settings'
import { makeBackdrop } from '../background/backdrop'
import type { I420Frame, RgbImage } from '../i420'
import { cropSample, withAlpha } from '../look/swatches'
import type { CanonicalHead } from '../stickers/canonical-head'
import { Stickers } from '../stickers/stickers'
import { drawMannequin } from './mannequin'

/** Drawn at four times the size that is shown. */
const SIZE = { width: 384, height: 288 }
/** Backgrounds that look like nothing by themselves have an icon instead. */
const WITHOUT_PICTURE: readonly BackgroundMode[] = ['none', 'blur', 'colour']

/**
 * A small picture of each sticker on a clay head, and of each drawn background and the imported one; RGBA, 96x72.
 * @param picture the imported background, null without one
 */
export async function effectThumbnails(head: CanonicalHead, picture: RgbImage | null): Promise<EffectThumbnail[]> {
  const thumbnails: EffectThumbnail[] = []
  const mannequin = drawMannequin(head, SIZE.width, SIZE.height)
  const stickers = new Stickers(head)
  for (const { id } of STICKERS) {
    const frame = { ...mannequin.frame, data: mannequin.frame.data.slice() }
    const effects: EffectSettings = { ...DEFAULT_EFFECTS, stickers: [id] }
    const settings = { beauty: DEFAULT_BEAUTY, effects }
    stickers.apply({ frame, faces: [mannequin.face], settings, timeMs: 0, hurried: false })
    thumbnails.push(thumbnail('sticker', id, frame))
    await nextTurn() // frames of the show go first
  }
  for (const mode of BackgroundMode.options) {
    if (WITHOUT_PICTURE.includes(mode) || (mode === 'picture' && !picture)) continue
    const backdrop = makeBackdrop(mode, DEFAULT_EFFECTS.background.colour, picture, SIZE.width, SIZE.height)
    thumbnails.push(thumbnail('background', mode, backdrop))
    await nextTurn()
  }
  return thumbnails
}

function thumbnail(kind: EffectThumbnail['kind'], id: string, frame: I420Frame): EffectThumbnail {
  const image = cropSample(frame, undefined)
  return { kind, id, width: image.width, height: image.height, pixels: withAlpha(image) }
}
