import { expect, test } from 'vitest'
import tokens from './tokens.css?raw'

type Theme = 'light' | 'dark'

/** A token's colour in a theme, as #rrggbb. */
function colour(name: string, theme: Theme): string {
  const value = new RegExp(`--${name}: ([^;]+);`).exec(tokens)?.[1] ?? ''
  const pair = /light-dark\((#\w{6}), (#\w{6})\)/.exec(value)
  const found = pair === null ? value : pair[theme === 'light' ? 1 : 2]
  if (found === undefined || !/^#\w{6}$/.test(found)) throw new Error(`--${name} is no plain colour: ${value}`)
  return found
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}

/** Text on what it stands on, everywhere in the window. */
const TEXT: readonly [ink: string, ground: string][] = [
  ...['ink', 'ink-2', 'ink-3'].flatMap((ink) => ['bg', 'surface'].map((ground): [string, string] => [ink, ground])),
  ['ink', 'raised'],
  ['ink-2', 'raised'],
  ['ink', 'raised-hover'],
  ['ink-inverse', 'ink'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-accent', 'accent-press'],
  ['problem-ink', 'problem-soft'],
  ['problem-ink', 'surface'],
  ['problem-ink', 'bg'],
  ['on-stage', 'stage'],
  ['on-stage-2', 'stage'],
]

/** Shapes that carry meaning, WCAG 1.4.11. */
const SHAPES: readonly [shape: string, ground: string][] = [
  ['accent', 'surface'],
  ['accent', 'bg'],
  ['good', 'surface'],
  ['problem', 'surface'],
]

test.each(['light', 'dark'] as const)('text has 4.5:1 and shapes have 3:1 in the %s theme', (theme) => {
  const poor = [
    ...TEXT.map(([ink, ground]) => ({ ink, ground, least: 4.5 })),
    ...SHAPES.map(([ink, ground]) => ({ ink, ground, least: 3 })),
  ]
    .map((pair) => ({ ...pair, ratio: contrast(colour(pair.ink, theme), colour(pair.ground, theme)) }))
    .filter(({ ratio, least }) => ratio < least)
  expect(poor).toEqual([])
})
