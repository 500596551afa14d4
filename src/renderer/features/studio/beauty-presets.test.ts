import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { expect, test } from 'vitest'
import { PRESETS, presetOf } from './beauty-presets'

test('choosing a look makes it the current one, from anywhere', () => {
  const anywhere = { ...DEFAULT_BEAUTY, smooth: 0.9, whiten: 0.01, thin: 0.5, eyes: 1 }
  expect(presetOf(anywhere)).toBeNull()
  for (const { value, change } of PRESETS) expect(presetOf({ ...anywhere, ...change })).toBe(value)
})

test('a new person starts with the natural look, and Off keeps the sliders', () => {
  expect(presetOf(DEFAULT_BEAUTY)).toBe('natural')
  const off = { ...DEFAULT_BEAUTY, ...PRESETS.find(({ value }) => value === 'off')!.change }
  expect(off).toEqual({ ...DEFAULT_BEAUTY, enabled: false })
})
