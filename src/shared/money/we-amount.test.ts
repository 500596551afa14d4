import { describe, expect, it } from 'vitest'
import { formatWe, parseWe, plainWe, WEI_PER_WE } from './we-amount'

describe('amounts of WE', () => {
  it.each([
    ['12', 12n * WEI_PER_WE],
    ['0.5', WEI_PER_WE / 2n],
    [' 1,000.25 ', 1_000n * WEI_PER_WE + WEI_PER_WE / 4n],
    ['1 250 000 000', 1_250_000_000n * WEI_PER_WE],
    ['0.000000000000000001', 1n],
  ])('reads %j', (text, wei) => expect(parseWe(text)).toBe(wei))

  it.each(['', 'ten', '-1', '1.', '.5', '1e18', '0x10', '1,00', '0.0000000000000000001', '1.2.3', '٣'])(
    'does not guess at %j',
    (text) => expect(parseWe(text)).toBeNull(),
  )

  it.each([
    [0n, '0'],
    [1n, '<0.01'],
    [-1n, '-<0.01'],
    [WEI_PER_WE / 100n, '0.01'],
    [1_234_567n * WEI_PER_WE + (WEI_PER_WE * 999n) / 1000n, '1,234,567.99'],
    [-5n * WEI_PER_WE, '-5'],
  ])('shows %s wei as %j', (wei, text) => expect(formatWe(wei)).toBe(text))

  it('writes every digit in a form that it reads back', () => {
    for (const wei of [0n, 1n, 10n ** 17n, 123_456_789_012_345_678_901n]) expect(parseWe(plainWe(wei))).toBe(wei)
  })
})
