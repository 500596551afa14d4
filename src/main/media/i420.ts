/**
 * One picture as the engine moves it: planar YUV 4:2:0, limited range, BT.601, tight strides.
 * `data` holds Y (width*height), then U and V (width/2 * height/2 each). Width and height are even.
 */
export interface I420Frame {
  width: number
  height: number
  data: Uint8Array
}

/** A still picture: 8-bit RGB, interleaved, tight rows; any size. */
export interface RgbImage {
  width: number
  height: number
  data: Uint8Array
}

/** Bytes of one I420 frame. */
export function i420Size(width: number, height: number): number {
  return (width * height * 3) / 2
}

/** The three planes of a frame, as views of its data. */
export function planesOf(frame: I420Frame): { y: Uint8Array; u: Uint8Array; v: Uint8Array } {
  const luma = frame.width * frame.height
  const chroma = luma / 4
  return {
    y: frame.data.subarray(0, luma),
    u: frame.data.subarray(luma, luma + chroma),
    v: frame.data.subarray(luma + chroma, luma + 2 * chroma),
  }
}
