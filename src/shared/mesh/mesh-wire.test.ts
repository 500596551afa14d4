import { describe, expect, test } from 'vitest'
import { MeshFault } from './byte-reader'
import type { MeshMessage } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { decodeControl, encodeControl, MAX_CONTROL_BYTES, type ControlFrame } from './mesh-wire'

const A = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'
const B = '12D3KooWSAyMWXhvyRoNzkxyCTLrZpXdYkqRrbR2Eoxygp9xLzqm'

const MESSAGES: MeshMessage<string>[] = [
  { type: 'report', slots: 0, lacking: [], moved: [], blame: [], gone: true },
  {
    type: 'report',
    slots: 7,
    lacking: [
      { stripe: 0, rank: 1e9 },
      { stripe: 31, rank: 1.25 },
    ],
    moved: [{ stripe: 2, parent: B }],
    blame: [{ stripe: 0, peer: A, why: 'liar' }],
    gone: false,
  },
  {
    type: 'assign',
    room: 70_000,
    places: [
      { stripe: 3, parent: A, standby: B, inner: true, displaces: B, to: A },
      { stripe: 4, parent: null, standby: null, inner: false, displaces: null, to: null },
    ],
    grow: true,
    others: [A],
  },
  { type: 'redirect', to: [A, B] },
  { type: 'attach', stripe: 1, mode: 'serve', rank: 2, capacity: 3, after: -1, displaces: null, to: null },
  { type: 'attach', stripe: 1, mode: 'serve', rank: 2, capacity: 3, after: 4_000_000, displaces: A, to: B },
  { type: 'accept', stripe: 1, mode: 'serve', rank: 2, depth: 1, below: 0.5 },
  { type: 'refuse', stripe: 31, mode: 'serve', retryMs: 10_000 },
  { type: 'leave', stripe: 2, mode: 'standby' },
  { type: 'drop', stripe: 2, mode: 'serve' },
  { type: 'move', stripe: 2, to: B, served: true },
  { type: 'pull', stripe: 0, from: 100, until: 611 },
  { type: 'deny', stripe: 0 },
  { type: 'waiting', stripe: 5, forMs: 400 },
  { type: 'audit', stripe: 0 },
  { type: 'vouch', stripe: 0, served: false, slots: 12 },
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
      message: {
        type: 'attach',
        stripe: 1,
        mode: 'serve',
        rank: NaN,
        capacity: 3,
        after: 0,
        displaces: null,
        to: null,
      },
    })
    expect(() => decodeControl(attach)).toThrow('range')
  })

  test('the largest stays below its limit', () => {
    const place = { stripe: 31, parent: A, standby: B, inner: true, displaces: A, to: B }
    const places = Array.from({ length: MESH_LIMITS.places }, () => place)
    const message: MeshMessage<string> = { type: 'assign', room: 1, places, grow: false, others: [A, B, A, B] }
    expect(encodeControl({ type: 'message', message }).length).toBeLessThan(MAX_CONTROL_BYTES)
  })
})
