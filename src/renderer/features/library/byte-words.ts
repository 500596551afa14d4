const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** `1.4 GB`: decimal units, as disks are sold and most systems show them. */
export function byteWords(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit] ?? ''}`
}
