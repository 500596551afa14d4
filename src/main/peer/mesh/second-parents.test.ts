import { expect, test } from 'vitest'
import type { MeshMessage } from '@shared/mesh/mesh-message'
import { SecondParents } from './second-parents'

const attach = (mode: 'serve' | 'standby'): MeshMessage<string> => ({
  ...{ type: 'attach', stripe: 0, mode, rank: 1, capacity: 0, after: -1, displaces: null, to: null },
})

function held(): { seconds: SecondParents; sent: string[] } {
  const sent: string[] = []
  const seconds = new SecondParents(
    (to, message) => sent.push(`${to} ${'mode' in message ? message.mode : message.type}`),
    (peer) => peer === 'linked',
  )
  return { seconds, sent }
}

test('a newcomer sets up no link to a second parent before the first one sends', () => {
  const { seconds, sent } = held()
  expect(seconds.hold('parent', attach('serve'))).toBe(false)
  expect(seconds.hold('linked', attach('standby'))).toBe(false)
  expect(seconds.hold('second', attach('standby'))).toBe(true)
  expect(seconds.isHeld('second')).toBe(true)
  expect(sent).toEqual([])
  seconds.ask()
  expect(sent).toEqual(['second standby'])
  expect(seconds.isHeld('second')).toBe(false)
  expect(seconds.hold('another', attach('standby'))).toBe(false)
})

test('a second parent that is needed at once hears all that it should, in its order', () => {
  const { seconds, sent } = held()
  seconds.hold('second', attach('standby'))
  expect(seconds.hold('second', attach('serve'))).toBe(false)
  expect(sent).toEqual(['second standby'])
  seconds.ask()
  expect(sent).toEqual(['second standby'])
})
