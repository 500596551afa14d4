import { StudioError } from '@shared/errors'

const UNITS = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30, ti: 2 ** 40 }

/** `20GB`, `500 MiB`, `1000`: bytes. Throws StudioError `usage`. */
export function parseByteSize(name: string, text: string): number {
  const [, digits = '', unit = ''] = /^([\d.]+)\s*([kmgt]i?|)b?$/i.exec(text.trim()) ?? []
  const bytes = Number(digits) * UNITS[unit.toLowerCase() as keyof typeof UNITS]
  if (digits === '' || !Number.isFinite(bytes))
    throw new StudioError('usage', `--${name} is a size such as 20GB or 500MiB.`)
  return Math.round(bytes)
}

/** `10Mbit`, `800kbit/s`, `0` for no limit: kilobits a second. Throws StudioError `usage`. */
export function parseBitRate(name: string, text: string): number {
  const [, digits = '', unit = ''] = /^([\d.]+)\s*([kmg]?)(?:bit(?:\/s)?|bps)?$/i.exec(text.trim()) ?? []
  const kbps = (Number(digits) * UNITS[unit.toLowerCase() as keyof typeof UNITS]) / 1000
  if (digits === '' || !Number.isFinite(kbps))
    throw new StudioError('usage', `--${name} is a rate such as 10Mbit or 800kbit.`)
  return Math.round(kbps)
}

/** `1000-1999`, `1000-`, `-500` (the last 500), both ends included as in HTTP: bytes, the end exclusive. */
export function parseRange(text: string, size: number): { start: number; end: number } {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(text.trim()) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) {
    throw new StudioError('usage', '--range is FIRST-LAST in bytes, such as 0-999.')
  }
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (start >= end) throw new StudioError('bad-range', `This file has ${size} bytes; the range is outside it.`)
  return { start, end }
}
