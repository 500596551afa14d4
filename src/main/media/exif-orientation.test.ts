import { describe, expect, it } from 'vitest'
import { readJpegOrientation, upright } from './exif-orientation'

/** Start of a JPEG with an EXIF block that holds one entry, the orientation. */
function jpegHead(orientation: number, little: boolean): Buffer {
  const tiff = Buffer.alloc(26)
  const u16 = (value: number, at: number): number =>
    little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  const u32 = (value: number, at: number): number =>
    little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)
  tiff.write(little ? 'II' : 'MM', 0, 'latin1')
  u16(42, 2)
  u32(8, 4)
  u16(1, 8)
  u16(0x0112, 10)
  u16(3, 12)
  u32(1, 14)
  u16(orientation, 18)
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const jfif = Buffer.from([0xff, 0xe0, 0, 4, 1, 2])
  return Buffer.concat([Buffer.from([0xff, 0xd8]), jfif, Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif])
}

describe('readJpegOrientation', () => {
  it.each([true, false])('reads both byte orders (little: %s)', (little) => {
    for (let value = 1; value <= 8; value++) expect(readJpegOrientation(jpegHead(value, little))).toBe(value)
  })

  it('takes damage for upright', () => {
    const head = jpegHead(6, true)
    for (let length = 2; length < head.length - 8; length++)
      expect(readJpegOrientation(head.subarray(0, length))).toBe(1)
    expect(readJpegOrientation(jpegHead(99, false))).toBe(1)
    expect(readJpegOrientation(Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2]))).toBe(1)
  })
})

describe('upright', () => {
  const pixels = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((value) => [value, value, value]))
  const stored = { width: 3, height: 2, data: pixels(1, 2, 3, 4, 5, 6) }

  /** What a viewer must show for the stored rows 123 / 456, by the definition of each value. */
  it.each([
    [1, 3, [1, 2, 3, 4, 5, 6]],
    [2, 3, [3, 2, 1, 6, 5, 4]],
    [3, 3, [6, 5, 4, 3, 2, 1]],
    [4, 3, [4, 5, 6, 1, 2, 3]],
    [5, 2, [1, 4, 2, 5, 3, 6]],
    [6, 2, [4, 1, 5, 2, 6, 3]],
    [7, 2, [6, 3, 5, 2, 4, 1]],
    [8, 2, [3, 6, 2, 5, 1, 4]],
  ])('turns value %i', (orientation, width, values) => {
    const turned = upright(stored, orientation)
    expect(turned).toMatchObject({ width, height: 6 / width })
    expect([...turned.data]).toEqual([...pixels(...values)])
  })
})
