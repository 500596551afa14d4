import { describe, expect, test } from 'vitest'
import { MeshFault } from './byte-reader'
import type { MeshMessage } from './mesh-message'
import { decodeControl, encodeControl, MAX_CONTROL_BYTES, type ControlFrame } from './mesh-wire'

const A = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'
const B = '12D3KooWSAyMWXhvyRoNzkxyCTLrZpXdYkqRrbR2Eoxygp9xLzqm'

const MESSAGES: MeshMessage<string>[] = [
  { type: 'enter' },
  { type: 'welcome', room: 70_000, starts: [A, null, B], spare: [0, 128, 255], members: [A, B] },
  { type: 'join', stripe: 3, who: A, mode: 'serve', capacity: 9, rank: 1e9, avoid: B, steps: 16, ticket: 65_535 },
  { type: 'offer', stripe: 0, mode: 'standby', rank: 1.25, depth: 7, branch: A, grand: null, ticket: 4, below: 0.5 },
  { type: 'attach', stripe: 1, mode: 'serve', rank: 2, capacity: 3, after: -1 },
  { type: 'attach', stripe: 1, mode: 'serve', rank: 2, capacity: 3, after: 4_000_000 },
  { type: 'accept', stripe: 1, mode: 'serve', rank: 2, depth: 1, branch: null, grand: B },
  { type: 'refuse', stripe: 31, mode: 'serve', retryMs: 10_000, ticket: 1 },
  { type: 'leave', stripe: 2, mode: 'standby' },
  { type: 'drop', stripe: 2, mode: 'serve' },
  { type: 'move', stripe: 2, to: B, served: true },
  {
    ...{ type: 'status', stripe: 1, rank: 0.125, capacity: 4, used: 2, freeDepth: 255, free: 0, freeAll: 3 },
    ...{ slotsAll: 9, size: 12, best: A, bestCapacity: 8 },
  },
  { type: 'place', stripe: 0, depth: 2, branch: A, grand: B, room: 12, spare: [] },
  { type: 'pull', stripe: 0, from: 100, until: 611 },
  { type: 'deny', stripe: 0 },
  { type: 'waiting', stripe: 5, forMs: 400 },
  { type: 'audit', stripe: 0, of: A },
  { type: 'vouch', stripe: 0, of: A, served: false },
]
const FRAMES: ControlFrame[] = [
  ...MESSAGES.map((message): ControlFrame => ({ type: 'message', message })),
  {
    type: 'receipts',
    receipts: [
      { stripe: 0, pieces: 8, late: 1 },
      { stripe: 31, pieces: 65_535, late: 0 },
    ],
  },
  { type: 'ping', token: 0xffff_ffff },
  { type: 'pong', token: 0 },
  { type: 'carried', on: true },
  { type: 'carried', on: false },
]

describe('control frames of the mesh', () => {
  test.each(FRAMES.map((frame) => [frame.type === 'message' ? frame.message.type : frame.type, frame] as const))(
    '%s comes back as it was, and no cut of it is taken',
    (_, frame) => {
      const bytes = encodeControl(frame)
      expect(decodeControl(bytes)).toEqual(frame)
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeControl(bytes.subarray(0, length))).toThrow(MeshFault)
      }
      expect(() => decodeControl(Uint8Array.of(...bytes, 0))).toThrow(MeshFault)
    },
  )

  test('an unknown message of a newer member is passed over', () => {
    expect(decodeControl(Uint8Array.of(200, 1, 2, 3))).toBeNull()
  })

  test('a range longer than allowed and a rank that is no number are refused', () => {
    const pull = encodeControl({ type: 'message', message: { type: 'pull', stripe: 0, from: 0, until: 600 } })
    expect(() => decodeControl(pull)).toThrow('range')
    const attach = encodeControl({
      type: 'message',
      message: { type: 'attach', stripe: 1, mode: 'serve', rank: NaN, capacity: 3, after: 0 },
    })
    expect(() => decodeControl(attach)).toThrow('range')
  })

  test('the largest stays below its limit', () => {
    const starts = Array.from({ length: 32 }, () => A)
    const members = Array.from({ length: 8 }, () => B)
    const message: MeshMessage<string> = { type: 'welcome', room: 1, starts, spare: starts.map(() => 1), members }
    expect(encodeControl({ type: 'message', message }).length).toBeLessThan(MAX_CONTROL_BYTES)
  })

  test('300,000 mutated inputs meet nothing but a refusal', () => {
    const seeds = FRAMES.map(encodeControl)
    let state = 4_711
    const random = (below: number): number => (state = (state * 16_807) % 2_147_483_647) % below
    let taken = 0
    for (let round = 0; round < 300_000; round++) {
      const bytes = seeds[random(seeds.length)]!.slice()
      for (let flips = random(3); flips >= 0; flips--) bytes[random(bytes.length)] = random(256)
      try {
        if (decodeControl(bytes) !== null) taken++
      } catch (error) {
        if (!(error instanceof MeshFault)) throw error
      }
    }
    expect(taken).toBeGreaterThan(10_000)
  })
})
