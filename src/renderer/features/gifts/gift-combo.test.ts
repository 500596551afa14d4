import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GiftCombo } from './gift-combo'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('presses in a row are one gift, and holding the button gives on', () => {
  const sent: number[] = []
  const combo = new GiftCombo(
    (qty) => sent.push(qty),
    () => undefined,
  )
  for (let press = 0; press < 3; press++) {
    combo.press()
    combo.release()
  }
  expect(sent).toEqual([])
  vi.advanceTimersByTime(500)
  expect(sent).toEqual([3])
  combo.press()
  vi.advanceTimersByTime(1_400)
  combo.release()
  combo.close()
  // one at once and ten while it was held
  expect(sent.slice(1).reduce((sum, qty) => sum + qty, 0)).toBe(11)
  vi.advanceTimersByTime(5_000)
  expect(sent.reduce((sum, qty) => sum + qty, 0)).toBe(14)
})
