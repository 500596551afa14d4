import { expect, test } from 'vitest'
import { authorHue } from './author-colour'
import colours from './author-colour.css?raw'
import tokens from '@/ui/tokens.css?raw'

/** Relative luminance (WCAG 2.2) of OKLCH; matrices of B. Ottosson, "A perceptual color space" (2020). */
function luminance(lightness: number, chroma: number, hue: number): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number): number => Math.min(1, Math.max(0, value))
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function luminanceOf(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

test('every name has 4.5:1 on the chat and on a marked line, light and dark', () => {
  const inks = /light-dark\(oklch\(([\d.]+) ([\d.]+) var\(--hue\)\), oklch\(([\d.]+) ([\d.]+) var/.exec(colours)!
  for (const ground of ['surface', 'raised', 'raised-hover']) {
    const grounds = new RegExp(`--${ground}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens)!
    for (const theme of [0, 1]) {
      const [lightness, chroma] = inks.slice(1 + 2 * theme, 3 + 2 * theme).map(Number) as [number, number]
      const under = luminanceOf(grounds[1 + theme]!)
      const ratios = Array.from({ length: 360 }, (_, hue) => {
        const ink = luminance(lightness, chroma, hue)
        return (Math.max(ink, under) + 0.05) / (Math.min(ink, under) + 0.05)
      })
      expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5)
    }
  }
})

test('an account keeps its hue, and accounts that differ in a digit seldom share it', () => {
  const accounts = Array.from({ length: 64 }, (_, at) => `0x${'0'.repeat(38)}${at.toString(16).padStart(2, '0')}`)
  expect(new Set(accounts.map(authorHue)).size).toBeGreaterThan(48)
  expect(authorHue(accounts[7]!)).toBe(authorHue(accounts[7]!))
})
