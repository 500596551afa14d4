import type { ShapeBuilder } from '../model/shape-builder'

/** Builds one sticker, part by part, in head coordinates. */
export type StickerDesign = (builder: ShapeBuilder) => void
