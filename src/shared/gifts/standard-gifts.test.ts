import { expect, test } from 'vitest'
import { STANDARD_GIFTS as ON_LEDGER } from '../../../contracts/standard-gifts'
import { STANDARD_GIFTS, standardPrice } from './standard-gifts'

test('the drawn gifts have the numbers, names and prices that new ledgers are made with', () => {
  expect(STANDARD_GIFTS.map(({ id, name }) => ({ id, price: standardPrice(id), text: name }))).toEqual(ON_LEDGER)
  expect(standardPrice(0)).toBeNull()
})
