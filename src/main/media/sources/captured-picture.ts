import type { CapturedPicture } from '@shared/media/browser-capture'
import { planesOf, type I420Frame } from '../i420'
import { fitInside, type Placement } from '../studio-format'

/** Byte offsets of red, green and blue in a pixel of four bytes. */
const RGB: Record<string, [number, number, number]> = {
  RGBA: [0, 1, 2],
  RGBX: [0, 1, 2],
  BGRA: [2, 1, 0],
  BGRX: [2, 1, 0],
}

/** True when the planes lie inside the data: what came over a port is not believed. */
export function isWhole({ format, width, height, planes, data }: CapturedPicture): boolean {
  const half = Math.ceil(width / 2)
  const rows = format in RGB ? [height] : [height, Math.ceil(height / 2), Math.ceil(height / 2)]
  const least = format in RGB ? [width * 4] : format === 'NV12' ? [width, half * 2] : [width, half, half]
  return (
    planes.length >= least.length &&
    least.every((bytes, plane) => {
      const { offset, stride } = planes[plane]!
      return stride >= bytes && offset + stride * (rows[plane]! - 1) + bytes <= data.length
    })
  )
}

/**
 * Puts a picture of Chromium's into a frame of the engine: scaled (nearest pixel) as large as it fits, between black
 * bars, limited range BT.601. A picture that is right already is copied; cameras and screens are asked for that.
 */
export class PictureFitter {
  private shape = ''
  private place: Placement = { x: 0, y: 0, width: 2, height: 2 }
  private columns: Int32Array = new Int32Array(0)
  private rows: Int32Array = new Int32Array(0)

  fit(picture: CapturedPicture, frame: I420Frame): void {
    if (isTight(picture, frame)) {
      frame.data.set(picture.data.subarray(0, frame.data.length))
      return
    }
    this.prepare(picture, frame)
    if (picture.format in RGB) this.fitRgb(picture, frame)
    else this.fitYuv(picture, frame)
  }

  private prepare({ width, height }: CapturedPicture, frame: I420Frame): void {
    const shape = `${width}x${height}`
    if (shape !== this.shape) {
      this.shape = shape
      this.place = fitInside(width, height, frame)
      this.columns = nearest(width, this.place.width)
      this.rows = nearest(height, this.place.height)
    }
    const { y, u, v } = planesOf(frame)
    if (this.place.width < frame.width || this.place.height < frame.height) {
      y.fill(16)
      u.fill(128)
      v.fill(128)
    }
  }

  private fitYuv({ format, planes, data, full }: CapturedPicture, frame: I420Frame): void {
    const { y, u, v } = planesOf(frame)
    const { place, columns, rows } = this
    const luma = planes[0]!
    for (let row = 0; row < place.height; row++) {
      const from = luma.offset + rows[row]! * luma.stride
      const to = (place.y + row) * frame.width + place.x
      for (let column = 0; column < place.width; column++) {
        const value = data[from + columns[column]!]!
        y[to + column] = full ? 16 + (value * 219 + 127) / 255 : value
      }
    }
    const twins = format === 'NV12'
    const [first, second] = [planes[1]!, planes[twins ? 1 : 2]!]
    for (let row = 0; row < place.height / 2; row++) {
      const fromRow = rows[row * 2]! >> 1
      const to = (place.y / 2 + row) * (frame.width / 2) + place.x / 2
      for (let column = 0; column < place.width / 2; column++) {
        const at = columns[column * 2]! >> 1
        const blue = data[first.offset + fromRow * first.stride + (twins ? at * 2 : at)]!
        const red = data[second.offset + fromRow * second.stride + (twins ? at * 2 + 1 : at)]!
        u[to + column] = full ? 128 + ((blue - 128) * 224) / 255 : blue
        v[to + column] = full ? 128 + ((red - 128) * 224) / 255 : red
      }
    }
  }

  private fitRgb({ format, planes, data }: CapturedPicture, frame: I420Frame): void {
    const { y, u, v } = planesOf(frame)
    const { place, columns, rows } = this
    const [red, green, blue] = RGB[format]!
    const { offset, stride } = planes[0]!
    for (let row = 0; row < place.height; row++) {
      const to = (place.y + row) * frame.width + place.x
      const chroma = ((place.y + row) >> 1) * (frame.width / 2) + place.x / 2
      for (let column = 0; column < place.width; column++) {
        const at = offset + rows[row]! * stride + columns[column]! * 4
        const [r, g, b] = [data[at + red]!, data[at + green]!, data[at + blue]!]
        // Integers of rgb-i420.ts, scaled by 65536.
        y[to + column] = (16829 * r + 33039 * g + 6416 * b + 1081344) >> 16
        if ((row | column) & 1) continue
        u[chroma + (column >> 1)] = (-9714 * r - 19071 * g + 28784 * b + 8421376) >> 16
        v[chroma + (column >> 1)] = (28784 * r - 24103 * g - 4681 * b + 8421376) >> 16
      }
    }
  }
}

function isTight({ format, full, width, height, planes }: CapturedPicture, frame: I420Frame): boolean {
  const luma = width * height
  return (
    format === 'I420' &&
    !full &&
    width === frame.width &&
    height === frame.height &&
    [0, luma, luma * 1.25].every((offset, plane) => planes[plane]!.offset === offset) &&
    [width, width / 2, width / 2].every((stride, plane) => planes[plane]!.stride === stride)
  )
}

function nearest(size: number, newSize: number): Int32Array {
  return Int32Array.from({ length: newSize }, (_, index) =>
    Math.min(size - 1, Math.floor(((index + 0.5) * size) / newSize)),
  )
}
