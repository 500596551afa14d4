import { beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { FramePipeline, type PipelineFrame } from './frame-pipeline'
import type { PersonWork } from './person/person-work'
import { FakeParts } from './testing/fake-parts'

const format = { width: 4, height: 2, fps: 30 }

let parts: FakeParts
let person: PersonWork
let pipeline: FramePipeline
let out: { slot: number; faces: number }[]
let before: number[]
let log: string[]

beforeEach(() => {
  parts = new FakeParts('')
  out = []
  before = []
  log = []
  pipeline = new FramePipeline(
    format,
    (person = parts.createPerson()),
    {
      before: (item) => before.push(item.slot),
      after: (item, faces) => out.push({ slot: item.slot, faces }),
    },
    (line) => log.push(line),
  )
})

function push(slot: number, more: Partial<PipelineFrame> = {}): void {
  const frame = pipeline.ring.acquire()!
  pipeline.push({ frame, slot, repeats: 0, capturedAtMs: performance.now(), plain: false, ...more })
}

describe('FramePipeline', () => {
  it('gives every frame once, in order, whatever the mesh takes', async () => {
    parts.onTrack = () => new Promise((resolve) => setTimeout(resolve, parts.tracked === 1 ? 20 : 1))
    for (let slot = 0; slot < 6; slot++) push(slot)
    await pipeline.drained()
    expect(out.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4, 5])
    expect(before).toEqual([0, 1, 2, 3, 4, 5])
    expect(pipeline.ring.freeSlots).toBe(8)
    expect(pipeline.counters).toMatchObject({ framesIn: 6, framesOut: 6, failed: 0, faces: 1 })
  })

  it('does less while frames wait', async () => {
    for (let slot = 0; slot < 7; slot++) push(slot)
    await pipeline.drained()
    // The first begins with an empty queue; behind it wait 5, 4, 3, 2, 1, 0.
    expect(parts.tracked).toBe(3)
    expect(parts.applied).toEqual(['full', 'no-warp', 'full', 'full', 'full'])
    expect(pipeline.counters.reduced).toBe(4)
    expect(out).toHaveLength(7)
  })

  it('lets the plain picture go on when the mesh or the filter breaks', async () => {
    parts.onTrack = () => {
      throw new Error('no memory')
    }
    push(0)
    await pipeline.drained()
    parts.onTrack = () => undefined
    parts.onApply = () => {
      throw new Error('bad point')
    }
    push(1)
    await pipeline.drained()
    parts.onApply = () => undefined
    push(2)
    await pipeline.drained()
    expect(out).toEqual([
      { slot: 0, faces: 0 },
      { slot: 1, faces: 0 },
      { slot: 2, faces: 1 },
    ])
    expect(pipeline.counters.failed).toBe(2)
    expect(log).toHaveLength(1)
  })

  it('does no face work when it is off, or the picture is finished already', async () => {
    push(0, { plain: true })
    await pipeline.drained()
    person.settings = { ...person.settings, beauty: { ...DEFAULT_BEAUTY, enabled: false } }
    push(1)
    await pipeline.drained()
    expect([parts.tracked, parts.applied.length, out.length]).toEqual([0, 0, 2])
  })

  it('colours every frame after the face work, also with the retouch off and under load, but not a finished one', async () => {
    const order: string[] = []
    parts.onApply = () => order.push('faces')
    pipeline.look = { apply: () => order.push('look') }
    push(0)
    await pipeline.drained()
    expect(order).toEqual(['faces', 'look'])
    person.settings = { ...person.settings, beauty: { ...DEFAULT_BEAUTY, enabled: false } }
    for (let slot = 1; slot < 7; slot++) push(slot)
    push(7, { plain: true })
    await pipeline.drained()
    expect(order).toHaveLength(2 + 6)
  })

  it('lets the picture go on when the look breaks', async () => {
    pipeline.look = {
      apply: () => {
        throw new Error('bad table')
      },
    }
    push(0)
    push(1)
    await pipeline.drained()
    expect(out).toHaveLength(2)
    expect(log).toHaveLength(1)
  })

  it('counts frames that waited longer than a frame time', async () => {
    parts.onTrack = () => new Promise((resolve) => setTimeout(resolve, 50))
    push(0)
    push(1)
    await pipeline.drained()
    expect(pipeline.counters.late).toBe(1)
  })
})
