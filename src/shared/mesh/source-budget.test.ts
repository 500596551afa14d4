import { expect, test } from 'vitest'
import { planFor, settingsOf } from './mesh-plan'
import { SourceBudget } from './source-budget'

const settings = settingsOf(planFor(1_300), 30)

function lack(budget: SourceBudget, from: number): number {
  for (let now = from; ; now += 500) if (budget.noPlace(now)) return now
}

test('what the broadcaster gave more while viewers found no place is taken back, down to the show once', () => {
  const budget = new SourceBudget(settings, Infinity)
  const least = budget.bps
  const second = lack(budget, lack(budget, 1_000) + 500)
  expect(budget.bps).toBe(least + 2 * settings.stripes * settings.stripeBps)
  expect(budget.quiet(second + 9_000)).toBe(false)
  expect(budget.quiet(second + 11_000)).toBe(true)
  expect(budget.quiet(second + 12_000)).toBe(false)
  expect(budget.quiet(second + 22_000)).toBe(true)
  expect(budget.bps).toBe(least)
  expect(budget.quiet(second + 99_000)).toBe(false)
})

test('a step that had to be given again soon is kept longer the next time', () => {
  const budget = new SourceBudget(settings, Infinity)
  const first = lack(budget, 1_000)
  expect(budget.quiet(first + 11_000)).toBe(true)
  const again = lack(budget, first + 12_000)
  expect(budget.quiet(again + 11_000)).toBe(false)
  expect(budget.quiet(again + 21_000)).toBe(true)
})

test('nothing is ever given beyond the limit of the line', () => {
  const budget = new SourceBudget(settings, settings.stripes * settings.stripeBps)
  for (let now = 1_000; now < 20_000; now += 500) expect(budget.noPlace(now)).toBe(false)
  expect(budget.bps).toBe(settings.stripes * settings.stripeBps)
})
