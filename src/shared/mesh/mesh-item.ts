import type { AccessConfig, AccessUnit, SegmentBorders } from '../media/access-unit'
import { ByteReader, MeshFault } from './byte-reader'
import { ByteWriter } from './byte-writer'

/**
 * What the mesh carries, one behind the other. A `segment` says which units a segment of the show is made of, beside its
 * signed record, so that a viewer makes the segment out of what it already has.
 */
export type MeshItem =
  | { t: 'config'; config: AccessConfig }
  | { t: 'unit'; unit: AccessUnit }
  | { t: 'segment'; borders: SegmentBorders; record: Uint8Array }

const CONFIG = 1
const PICTURE = 2
const SOUND = 3
const SEGMENT = 4

export const MAX_AVCC_BYTES = 1024
export const MAX_ASC_BYTES = 64
/** A key picture of 30 Mbit/s is about 1 MB. */
export const MAX_PICTURE_BYTES = 4 * 1024 * 1024
export const MAX_SOUND_BYTES = 8 * 1024
export const MAX_ITEM_RECORD_BYTES = 2048
const MAX_CONFIG_ID = 0xffff

function sizeOf(item: MeshItem): number {
  switch (item.t) {
    case 'config':
      return 1 + 2 + 2 + 2 + 8 + 2 + item.config.avcC.length + 1 + item.config.asc.length
    case 'unit':
      return item.unit.track === 'picture'
        ? 1 + 2 + 4 + 1 + 8 + 3 + item.unit.data.length
        : 1 + 2 + 4 + 2 + item.unit.data.length
    case 'segment':
      return 1 + 2 + 20 + 2 + item.record.length
  }
}

/** The bytes of items, big endian, each behind its type (u8). Throws RangeError for one that is larger than its limit. */
export function encodeItems(items: readonly MeshItem[]): Uint8Array {
  const out = new ByteWriter(items.reduce((sum, item) => sum + sizeOf(item), 0))
  for (const item of items) {
    if (item.t === 'config') {
      const { id, width, height, fps, avcC, asc } = item.config
      requireAtMost(id, MAX_CONFIG_ID)
      requireAtMost(avcC.length, MAX_AVCC_BYTES)
      requireAtMost(asc.length, MAX_ASC_BYTES)
      out.u8(CONFIG).u16(id).u16(width).u16(height).f64(fps)
      out.u16(avcC.length).put(avcC).u8(asc.length).put(asc)
    } else if (item.t === 'segment') {
      const { configId, sequence, slot, endSlot, soundFrame, endSoundFrame } = item.borders
      requireAtMost(item.record.length, MAX_ITEM_RECORD_BYTES)
      out.u8(SEGMENT).u16(configId).u32(sequence).u32(slot).u32(endSlot).u32(soundFrame).u32(endSoundFrame)
      out.u16(item.record.length).put(item.record)
    } else if (item.unit.track === 'picture') {
      const { configId, slot, key, data, capturedAt } = item.unit
      requireAtMost(data.length, MAX_PICTURE_BYTES)
      out
        .u8(PICTURE)
        .u16(configId)
        .u32(slot)
        .u8(key ? 1 : 0)
        .f64(capturedAt)
        .u24(data.length)
        .put(data)
    } else {
      const { configId, frame, data } = item.unit
      requireAtMost(data.length, MAX_SOUND_BYTES)
      out.u8(SOUND).u16(configId).u32(frame).u16(data.length).put(data)
    }
  }
  return out.bytes
}

/** Reads items; data are views into `bytes`. Throws MeshFault. */
export function decodeItems(bytes: Uint8Array): MeshItem[] {
  const reader = new ByteReader(bytes)
  const items: MeshItem[] = []
  while (reader.left > 0) items.push(decodeItem(reader))
  return items
}

function decodeItem(reader: ByteReader): MeshItem {
  switch (reader.u8()) {
    case CONFIG: {
      const [id, width, height] = [reader.u16(), reader.u16(), reader.u16()]
      const fps = reader.f64()
      if (width === 0 || height === 0 || !(fps > 0 && fps <= 1000)) throw new MeshFault('malformed', 'no such pictures')
      const avcC = reader.bytes(limited(reader.u16(), MAX_AVCC_BYTES))
      const asc = reader.bytes(limited(reader.u8(), MAX_ASC_BYTES))
      return { t: 'config', config: { id, width, height, fps, avcC, asc } }
    }
    case PICTURE: {
      const [configId, slot, key] = [reader.u16(), reader.u32(), limited(reader.u8(), 1) === 1]
      const capturedAt = reader.f64()
      if (!(capturedAt >= 0 && capturedAt < 1e15)) throw new MeshFault('malformed', 'no such time')
      const data = reader.bytes(limited(reader.u24(), MAX_PICTURE_BYTES))
      return { t: 'unit', unit: { track: 'picture', configId, slot, key, data, capturedAt } }
    }
    case SOUND: {
      const [configId, frame] = [reader.u16(), reader.u32()]
      const data = reader.bytes(limited(reader.u16(), MAX_SOUND_BYTES))
      return { t: 'unit', unit: { track: 'sound', configId, frame, data } }
    }
    case SEGMENT: {
      const [configId, sequence, slot, endSlot] = [reader.u16(), reader.u32(), reader.u32(), reader.u32()]
      const [soundFrame, endSoundFrame] = [reader.u32(), reader.u32()]
      if (endSlot <= slot || endSoundFrame < soundFrame) throw new MeshFault('malformed', 'a segment without pictures')
      const record = reader.bytes(limited(reader.u16(), MAX_ITEM_RECORD_BYTES))
      return { t: 'segment', borders: { configId, sequence, slot, endSlot, soundFrame, endSoundFrame }, record }
    }
    default:
      throw new MeshFault('malformed', 'an item of no known type')
  }
}

function limited(value: number, limit: number): number {
  if (value > limit) throw new MeshFault('malformed', `${value} where at most ${limit} is allowed`)
  return value
}

function requireAtMost(value: number, limit: number): void {
  if (value > limit) throw new RangeError(`${value} where at most ${limit} is allowed`)
}
