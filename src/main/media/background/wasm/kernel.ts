/**
 * The loops of the virtual background in AssemblyScript with SIMD, one function for each of `MattingKernel`; what they
 * do is said there, and `plain/` says it in TypeScript. The host lays out all memory and passes addresses. Planes of
 * cells have room for eight numbers more at their end, rows of pixels are a multiple of 64 bytes long: loops run over
 * the end of a row instead of treating the last cells apart.
 */
export { shrink } from './shrink'
export { blur } from './box-mean'
export { fit, multiply } from './guided-filter'
export { halve, matte } from './matte'
export { composite } from './composite'
export { disc, enlarge, weigh } from './lens-blur'
