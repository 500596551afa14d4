import { describe, expect, test } from 'vitest'
import { MeshFault } from './byte-reader'
import { decodeItems, encodeItems, type MeshItem } from './mesh-item'

export const ITEMS: MeshItem[] = [
  {
    t: 'config',
    config: {
      id: 3,
      width: 1280,
      height: 720,
      fps: 30,
      avcC: Uint8Array.of(1, 100, 0, 31),
      asc: Uint8Array.of(17, 144),
    },
  },
  {
    t: 'unit',
    unit: {
      track: 'picture',
      configId: 3,
      slot: 70_000,
      key: true,
      data: new Uint8Array(5000).fill(7),
      capturedAt: 1_790_000_000_123.5,
    },
  },
  { t: 'unit', unit: { track: 'sound', configId: 3, frame: 99, data: new Uint8Array(256).fill(9) } },
  {
    t: 'segment',
    borders: { configId: 3, sequence: 12, slot: 165, endSlot: 180, soundFrame: 257, endSoundFrame: 281 },
    record: new Uint8Array(330).fill(1),
  },
]

describe('items of the mesh', () => {
  test('come back as they were', () => {
    expect(decodeItems(encodeItems(ITEMS))).toEqual(ITEMS)
    expect(decodeItems(encodeItems([]))).toEqual([])
  })

  test.each([
    ['an unknown type', Uint8Array.of(9)],
    ['a cut unit', encodeItems(ITEMS).subarray(0, 60)],
    ['sound longer than its limit', Uint8Array.of(3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, ...new Uint8Array(65_535))],
    ['a key that is neither', Uint8Array.of(2, 0, 1, 0, 0, 0, 1, 2, ...new Uint8Array(11))],
  ])('%s is refused', (_, bytes) => {
    expect(() => decodeItems(bytes)).toThrow(MeshFault)
  })

  test('what does not fit its limit is not written', () => {
    const unit = { track: 'sound', configId: 3, frame: 99, data: new Uint8Array(9000) } as const
    expect(() => encodeItems([{ t: 'unit', unit }])).toThrow(RangeError)
  })
})
