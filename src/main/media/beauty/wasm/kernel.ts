/**
 * The loops of the retouch in AssemblyScript with SIMD, one function for each of `PixelKernel`; what they do is said
 * there, and `plain/` says it in TypeScript. The host lays out all memory and passes addresses. Planes of numbers have
 * room for one vector more at their end: loops run over it instead of treating the last numbers apart.
 */
export { shrink, shrinkTexture } from './shrink'
export { closeMasks, fadeTone, gateSkin } from './masking'
export { blur } from './box-blur'
export { dullShine, fillDips } from './flaws'
export { changeChroma, fitLuma, smoothLuma, weighChroma, weighLuma, whitenLuma } from './smoothing'
export { addChange } from './change-writer'
export { moveCells } from './cell-mover'
