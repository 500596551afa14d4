import { expect, test } from 'vitest'
import { latestOnly } from './latest-only'

test('while one value is on its way only the newest of the others is sent', async () => {
  const sent: number[] = []
  const arrivals: (() => void)[] = []
  const send = latestOnly((value: number) => {
    sent.push(value)
    return new Promise<void>((resolve) => arrivals.push(resolve))
  }, console.error)
  for (const value of [1, 2, 3, 4]) send(value)
  expect(sent).toEqual([1])
  arrivals.shift()!()
  await expect.poll(() => sent).toEqual([1, 4])
  arrivals.shift()!()
  send(5)
  await expect.poll(() => sent).toEqual([1, 4, 5])
})

test('a refused value is told and does not stop the next one', async () => {
  const problems: unknown[] = []
  const sent: string[] = []
  const send = latestOnly(
    (value: string) => {
      sent.push(value)
      return value === 'bad' ? Promise.reject(new Error('refused')) : Promise.resolve()
    },
    (error) => problems.push(error),
  )
  send('bad')
  send('good')
  await expect.poll(() => sent).toEqual(['bad', 'good'])
  expect(problems).toEqual([new Error('refused')])
})
