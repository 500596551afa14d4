import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { expect, test } from 'vitest'
import type { I420Frame } from '../i420'
import { effortFor } from '../overload'
import { FakeParts } from '../testing/fake-parts'
import type { PersonEffect, PersonPicture } from './person-effect'

const FRAME: I420Frame = { width: 4, height: 2, data: new Uint8Array(12) }
const OFF = { beauty: { ...DEFAULT_BEAUTY, enabled: false }, effects: DEFAULT_EFFECTS }

function effect(name: string, order: string[], more: Partial<PersonEffect> = {}): PersonEffect {
  return {
    wants: () => true,
    needsFaces: true,
    apply: () => void order.push(name),
    reset: () => void order.push(`reset ${name}`),
    ...more,
  }
}

test('effects follow the retouch in their order, and one that is not wanted is left out', async () => {
  const parts = new FakeParts('')
  const order: string[] = []
  parts.onApply = () => order.push('retouch')
  parts.effects = [effect('a', order), effect('b', order, { wants: () => false }), effect('c', order)]
  const person = parts.createPerson()
  expect(await person.apply(FRAME, effortFor(0), 0)).toHaveLength(1)
  person.reset()
  expect(order).toEqual(['retouch', 'a', 'c', 'reset a', 'reset b', 'reset c'])
})

test('with the retouch off faces are looked for only when an effect needs them', async () => {
  for (const needsFaces of [false, true]) {
    const parts = new FakeParts('')
    parts.effects = [effect('a', [], { needsFaces })]
    const person = parts.createPerson()
    person.settings = OFF
    await person.apply(FRAME, effortFor(0), 0)
    expect([parts.tracked, parts.applied.length]).toEqual([needsFaces ? 1 : 0, 0])
  }
})

test('under load an effect is told to hurry, and the faces are those of before', async () => {
  const parts = new FakeParts('')
  const seen: PersonPicture[] = []
  parts.effects = [effect('a', [], { apply: (picture) => void seen.push(picture) })]
  const person = parts.createPerson()
  await person.apply(FRAME, effortFor(2), 66)
  expect(parts.tracked).toBe(0)
  expect(seen[0]).toMatchObject({ hurried: true, timeMs: 66 })
  expect(seen[0]!.faces).toHaveLength(1)
})

test('a broken effect is left out and said once; the others go on', async () => {
  const parts = new FakeParts('')
  const order: string[] = []
  const broken = effect('a', order, { apply: () => Promise.reject(new Error('no model')) })
  parts.effects = [broken, effect('b', order)]
  const person = parts.createPerson()
  await person.apply(FRAME, effortFor(0), 0)
  await person.apply(FRAME, effortFor(0), 33)
  expect(order).toEqual(['b', 'b'])
  expect(parts.lines).toHaveLength(1)
  expect(parts.lines[0]).toMatch(/no model/)
})

test('nothing is wanted when the retouch is off and no effect asks', () => {
  const parts = new FakeParts('')
  parts.effects = [effect('a', [], { wants: ({ effects }) => effects.stickers.length > 0 })]
  const person = parts.createPerson()
  person.settings = OFF
  expect(person.wanted).toBe(false)
  person.settings = { ...OFF, effects: { ...DEFAULT_EFFECTS, stickers: ['cat'] } }
  expect(person.wanted).toBe(true)
})
