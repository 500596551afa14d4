import type { PreviewFrame } from '@shared/ipc/studio-schema'

/** The engine's colours: BT.601 525-line, limited range, as `PreviewFrame` says. */
const COLOR_SPACE: VideoColorSpaceInit = {
  primaries: 'smpte170m',
  transfer: 'smpte170m',
  matrix: 'smpte170m',
  fullRange: false,
}

/**
 * Draws one I420 picture and makes the canvas its size. The browser converts the colours (VideoFrame), which on a GPU
 * costs nothing.
 * @throws TypeError when the data does not fit the size.
 */
export function drawPreviewFrame(canvas: HTMLCanvasElement, frame: PreviewFrame): void {
  if (canvas.width !== frame.width || canvas.height !== frame.height) {
    canvas.width = frame.width
    canvas.height = frame.height
  }
  const picture = new VideoFrame(frame.data, {
    format: 'I420',
    codedWidth: frame.width,
    codedHeight: frame.height,
    timestamp: Math.round(frame.timeMs * 1000),
    colorSpace: COLOR_SPACE,
  })
  try {
    canvas.getContext('2d', { alpha: false })?.drawImage(picture, 0, 0)
  } finally {
    picture.close()
  }
}
