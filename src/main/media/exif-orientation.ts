import type { RgbImage } from './i420'

/**
 * EXIF orientation of a JPEG, 1..8; 1 (upright) when there is none or the block is damaged. The ffmpeg of 2018 does
 * not turn pictures by it, and phones rely on it.
 *
 * Layout: JPEG segment APP1 "Exif\0\0", then a TIFF file whose first directory holds tag 0x0112 (Exif 2.32, 4.6.4).
 *
 * @param head the start of the file, at least up to the end of the APP1 segment
 */
export function readJpegOrientation(head: Buffer): number {
  try {
    const tiff = findExif(head)
    return tiff ? orientationOf(tiff) : 1
  } catch (error) {
    // Reads beyond the end: a damaged block says nothing about the orientation.
    if (error instanceof RangeError) return 1
    throw error
  }
}

function findExif(head: Buffer): Buffer | null {
  let at = 2
  while (head.readUInt8(at) === 0xff) {
    const marker = head.readUInt8(at + 1)
    const length = head.readUInt16BE(at + 2)
    if (marker === 0xe1 && head.toString('latin1', at + 4, at + 10) === 'Exif\0\0') {
      return head.subarray(at + 10, at + 2 + length)
    }
    if (marker === 0xda) return null // The picture itself begins.
    at += 2 + length
  }
  return null
}

function orientationOf(tiff: Buffer): number {
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const u16 = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  for (let entry = 0; entry < u16(directory); entry++) {
    const at = directory + 2 + entry * 12
    if (u16(at) !== 0x0112) continue
    const value = u16(at + 8)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/**
 * Turns a picture so that it stands upright.
 *
 * @param orientation EXIF value: where the first row and the first column of the stored picture belong
 */
export function upright(image: RgbImage, orientation: number): RgbImage {
  if (orientation === 1) return image
  const swapped = orientation >= 5
  const width = swapped ? image.height : image.width
  const height = swapped ? image.width : image.height
  const fromRight = [2, 3, 7, 8].includes(orientation)
  const fromBottom = [3, 4, 6, 7].includes(orientation)
  const data = new Uint8Array(width * height * 3)
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const column = swapped ? y : x
      const row = swapped ? x : y
      const sourceX = fromRight ? image.width - 1 - column : column
      const sourceY = fromBottom ? image.height - 1 - row : row
      const from = (sourceY * image.width + sourceX) * 3
      data[to] = image.data[from]!
      data[to + 1] = image.data[from + 1]!
      data[to + 2] = image.data[from + 2]!
    }
  }
  return { width, height, data }
}
