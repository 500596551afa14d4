/** Where a key takes a slider from `min` to 100, or null when the key means nothing to it. */
export function sliderKey(key: string, shift: boolean, value: number, resetTo: number, min = 0): number | null {
  const step = shift ? 10 : 1
  const clamp = (next: number): number => Math.min(100, Math.max(min, next))
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return clamp(value + step)
    case 'ArrowLeft':
    case 'ArrowDown':
      return clamp(value - step)
    case 'PageUp':
      return clamp(value + 10)
    case 'PageDown':
      return clamp(value - 10)
    case 'Home':
      return min
    case 'End':
      return 100
    case 'Backspace':
    case 'Delete':
      return resetTo
    default:
      return null
  }
}
