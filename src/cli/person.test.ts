import { BEAUTY_PRESETS } from '@shared/media/beauty-presets'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { expect, test } from 'vitest'
import { choosePerson } from './person'

test('without arguments a person gets what the studio starts with', () => {
  const { beauty, effects } = choosePerson({})
  expect(beauty).toEqual(DEFAULT_BEAUTY)
  expect([effects.stickers, effects.background.mode]).toEqual([[], 'none'])
})

test('strengths and colours change a preset, and what it does not name stays', () => {
  const { beauty } = choosePerson({ preset: 'glamour', beauty: ['tone=-0.5', 'lipstick=#AA0011', 'lipstick=0.9'] })
  const glamour = BEAUTY_PRESETS.find(({ id }) => id === 'glamour')!.beauty
  expect(beauty).toEqual({
    ...glamour,
    tone: -0.5,
    lipstick: 0.9,
    colours: { ...glamour.colours, lipstick: '#aa0011' },
  })
})

test.each([
  [{ beauty: ['nothing=1'] }, /no control nothing/],
  [{ beauty: ['smooth=1.5'] }, /smooth takes a number from 0 to 1/],
  [{ beauty: ['smooth='] }, /smooth takes/],
  [{ beauty: ['smooth=-0.1'] }, /smooth takes/],
  [{ beauty: ['lipstick=#zz'] }, /lipstick takes/],
  [{ preset: 'ugly' }, /no preset ugly/],
  [{ background: 'moon' }, /no background moon/],
  [{ stickers: ['nose'] }, /no such sticker/],
])('%j is refused in words', (args, words) => {
  expect(() => choosePerson(args)).toThrow(words)
})
