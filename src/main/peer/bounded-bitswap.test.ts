import { expect, it } from 'vitest'
import { sendInParts } from './bounded-bitswap'

it('a peer that wants a thousand blocks gets them a mebibyte at a time, and one that sends nothing for them is not read for', async () => {
  const wants = new Map(Array.from({ length: 1_000 }, (_, at) => [String(at), { status: 'want', at }]))
  const parts: number[][] = []
  const ledger = {
    wants,
    bytesSent: 0,
    sendBlocksToPeer: (): Promise<void> => {
      const part = [...wants.values()].filter(({ status }) => status === 'want')
      // every tenth is not here: it stays wanted
      for (const want of part) if (want.at % 10 !== 0) want.status = 'sent'
      ledger.bytesSent += part.length * 300_000
      parts.push(part.map(({ at }) => at))
      return parts.length < 100 ? Promise.resolve() : Promise.reject(new Error('gone'))
    },
  }
  sendInParts(ledger)
  await expect(ledger.sendBlocksToPeer()).rejects.toThrow('gone')
  expect(parts[0]).toEqual([0])
  expect(Math.max(...parts.map(({ length }) => length))).toBe(3)
  expect(parts.flat()).toEqual(Array.from({ length: 1 + 99 * 3 }, (_, at) => at))
  expect([...wants.values()].filter(({ status }) => status === 'later')).toEqual([])
  expect(
    [...wants.values()].filter(({ at, status }) => at < 298 && status === 'want').every(({ at }) => at % 10 === 0),
  ).toBe(true)
})
