/** See `MattingKernel.blur`. */
export function blur(
  planes: Float32Array,
  count: number,
  size: number,
  scratch: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  for (let n = 0; n < count; n++) {
    const plane = planes.subarray(n * size, n * size + width * height)
    meanAlong(plane, scratch, height, width, width, 1, Math.min(radius, (width - 1) >> 1))
    meanAlong(scratch, plane, width, height, 1, width, Math.min(radius, (height - 1) >> 1))
  }
}

/** Running means along `lines` lines of `length` values, `step` apart. */
function meanAlong(
  from: Float32Array,
  to: Float32Array,
  lines: number,
  length: number,
  line: number,
  step: number,
  radius: number,
): void {
  const scale = 1 / (2 * radius + 1)
  for (let n = 0; n < lines; n++) {
    const start = n * line
    const at = (i: number): number => from[start + Math.min(Math.max(i, 0), length - 1) * step]!
    let sum = 0
    for (let i = -radius; i <= radius; i++) sum += at(i)
    for (let i = 0; i < length; i++) {
      to[start + i * step] = sum * scale
      sum += at(i + radius + 1) - at(i - radius)
    }
  }
}
