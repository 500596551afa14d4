import { expect, test } from 'vitest'
import { PullPlan, READER_STEP } from './pull-plan'

const MIB = 1024 * 1024

interface Peer {
  /** Bytes a millisecond. */
  rate: number
  /** Gives nothing from then on. */
  silentFrom?: number
}

/** Runs a plan against sources that send one block after the other; returns when it was done and who sent how much. */
function pull(peers: Record<string, Peer>, blocks: number, untilMs = 60_000) {
  const plan = new PullPlan()
  const queues = new Map<string, { key: string; left: number }[]>()
  const sent = new Map<string, number>()
  let duplicate = 0
  for (const id of Object.keys(peers)) {
    plan.addSource(id)
    queues.set(id, [])
    sent.set(id, 0)
  }
  const open = new Map<string, Map<string, number>>()
  for (let index = 0; index < blocks; index++) {
    plan.add(`b${index}`, MIB, index)
    open.set(`b${index}`, new Map())
  }
  const order: string[] = []
  let now = 0
  for (; now < untilMs && open.size > 0; now += 5) {
    for (const step of plan.steps(now)) {
      const queue = queues.get(step.source)!
      if (step.do === 'ask') queue.push({ key: step.key, left: MIB })
      else
        queue.splice(
          queue.findIndex(({ key }) => key === step.key),
          1,
        )
    }
    for (const [id, { rate, silentFrom = Infinity }] of Object.entries(peers)) {
      let bytes = now >= silentFrom ? 0 : rate * 5
      const queue = queues.get(id)!
      while (bytes > 0 && queue.length > 0) {
        const first = queue[0]!
        const part = Math.min(bytes, first.left)
        first.left -= part
        bytes -= part
        sent.set(id, sent.get(id)! + part)
        plan.progress(id, first.key, part, now)
        if (first.left > 0) continue
        queue.shift()
        for (const other of plan.remove(first.key, id)) {
          const theirs = queues.get(other)!
          const index = theirs.findIndex(({ key }) => key === first.key)
          duplicate += MIB - (theirs[index]?.left ?? MIB)
          theirs.splice(index, 1)
        }
        open.delete(first.key)
        order.push(first.key)
      }
    }
  }
  return { ms: now, sent, duplicate, left: open.size, order }
}

test('sources are filled by what they carry, and nothing to speak of comes twice', () => {
  const { ms, sent, duplicate, left } = pull(
    { fast: { rate: 40_000 }, middle: { rate: 20_000 }, slow: { rate: 4_000 } },
    200,
  )
  expect(left).toBe(0)
  const ideal = (200 * MIB) / 64_000
  expect(ms).toBeLessThan(1.15 * ideal)
  expect(sent.get('fast')! / sent.get('middle')!).toBeGreaterThan(1.6)
  expect(sent.get('slow')!).toBeGreaterThan(5 * MIB)
  expect(duplicate).toBeLessThan(0.02 * 200 * MIB)
})

test('a source that falls silent costs a moment, not the file', () => {
  const { ms, left } = pull({ good: { rate: 10_000 }, gone: { rate: 10_000, silentFrom: 300 } }, 50)
  expect(left).toBe(0)
  expect(ms).toBeLessThan((50 * MIB) / 10_000 + 1_500)
})

test('what is wanted first is asked for first', () => {
  const plan = new PullPlan()
  plan.addSource('one')
  for (let index = 0; index < 10; index++) plan.add(`b${index}`, MIB, index)
  plan.add('seek', MIB, -1)
  expect(plan.steps(0)[0]).toEqual({ do: 'ask', source: 'one', key: 'seek' })
})

test('a block that a source does not have is asked for elsewhere, and is hopeless when nobody has it', () => {
  const plan = new PullPlan()
  plan.addSource('one')
  plan.addSource('two')
  plan.add('b', MIB, 0)
  const [first] = plan.steps(0)
  plan.missing(first!.source, 'b')
  expect(plan.hopeless('b')).toBe(false)
  const [second] = plan.steps(1)
  expect(second!.source).not.toBe(first!.source)
  plan.missing(second!.source, 'b')
  expect(plan.hopeless('b')).toBe(true)
  expect(plan.steps(2)).toEqual([])
  plan.addSource('three')
  expect(plan.steps(3)).toEqual([{ do: 'ask', source: 'three', key: 'b' }])
})

test('no more is owed by a source than its bound', () => {
  const plan = new PullPlan()
  plan.addSource('one')
  for (let index = 0; index < 100; index++) plan.add(`b${index}`, MIB, index)
  expect(plan.steps(0)).toHaveLength(2)
})

test('a seek goes before what was asked for the place before and has not begun to come; readers that go on leave each other alone', () => {
  const plan = new PullPlan()
  plan.addSource('one')
  for (let index = 0; index < 10; index++) plan.add(`old${index}`, MIB, index)
  plan.steps(0)
  plan.progress('one', 'old0', 1000, 5)
  plan.add('seek', MIB, -READER_STEP)
  expect(plan.steps(10)).toEqual([
    { do: 'drop', source: 'one', key: 'old1' },
    { do: 'ask', source: 'one', key: 'seek' },
  ])
  plan.add('seek after it', MIB, -READER_STEP + 1)
  expect(plan.steps(15)).toEqual([])
  plan.remove('old0', 'one')
  expect(plan.steps(20)).toEqual([{ do: 'ask', source: 'one', key: 'seek after it' }])
})

test('a quick source owes what it sends in a moment, a far one what its line holds', () => {
  const asked = (roundMs: number): number => {
    const plan = new PullPlan()
    plan.addSource('one')
    for (let index = 0; index < 100; index++) plan.add(`b${index}`, 100_000, index)
    let count = plan.steps(0).length
    for (let ms = roundMs; ms < roundMs + 200; ms += 5) plan.progress('one', 'b0', 100_000, ms)
    count += plan.steps(roundMs + 200).length
    return count
  }
  expect(asked(1)).toBeLessThan(15)
  expect(asked(100)).toBeGreaterThan(40)
})
