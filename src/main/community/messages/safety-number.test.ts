import { expect, it } from 'vitest'
import { safetyNumber } from './safety-number'

const anna = { account: `0x${'a1'.repeat(20)}`, devices: [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`] }
const ben = { account: `0x${'b2'.repeat(20)}`, devices: [`0x${'03'.repeat(32)}`] }

it('two people see one number of 60 digits, and another one as soon as a key is another', () => {
  const number = safetyNumber(anna, ben)
  expect(number).toMatch(/^\d{60}$/)
  expect(safetyNumber(ben, { ...anna, devices: [...anna.devices].reverse() })).toBe(number)
  const others = [
    safetyNumber(anna, { ...ben, devices: [`0x${'04'.repeat(32)}`] }),
    safetyNumber(anna, { ...ben, account: anna.account }),
    safetyNumber({ ...anna, devices: anna.devices.slice(1) }, ben),
  ]
  expect(new Set([number, ...others]).size).toBe(4)
})
