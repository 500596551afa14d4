import { STICKERS, type StickerId } from '@shared/media/effect-settings'
import type { Shape } from '../model/shape'
import { ShapeBuilder } from '../model/shape-builder'
import { bunny } from './bunny'
import { cat } from './cat'
import { crown } from './crown'
import { dog } from './dog'
import { flowers } from './flowers'
import { glasses, hearts, sunglasses } from './glasses'
import { party, tophat } from './hats'
import { horns } from './horns'
import { moustache } from './moustache'
import type { StickerDesign } from './sticker-design'

const DESIGNS: Record<StickerId, StickerDesign> = {
  glasses,
  sunglasses,
  hearts,
  cat,
  bunny,
  dog,
  horns,
  crown,
  party,
  tophat,
  flowers,
  moustache,
}

/** Everything that is worn at once as one shape; the order of choosing does not matter. */
export function outfit(stickers: ReadonlySet<StickerId>): Shape {
  const builder = new ShapeBuilder()
  for (const { id } of STICKERS) if (stickers.has(id)) DESIGNS[id](builder)
  return builder.build()
}
