import { expect, test } from 'vitest'
import { playerTime } from './player-time'

test('times are as people read them', () => {
  expect([0, 7.9, 754, 3723, Number.NaN].map(playerTime)).toEqual(['0:00', '0:07', '12:34', '1:02:03', '0:00'])
})
