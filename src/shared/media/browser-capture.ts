import { z } from 'zod'

/** What main asks the window to capture; a port to the media engine comes with it. */
export interface CaptureRequest {
  /** A camera of Chromium's or a desktop id; null for sound alone. */
  video: string | null
  /** A microphone of Chromium's; null for a silent picture. */
  audio: string | null
  /** The largest picture that is of use, pixels, and its rate. */
  width: number
  height: number
  fps: number
}

/** What `window.postMessage` carries together with the port. */
export const CAPTURE_PORT_MESSAGE = 'studio:capture-port'

/** Whether an id of a picture means a screen or a window (Electron's desktopCapturer), not a camera. */
export function isDesktopId(id: string): boolean {
  return /^(screen|window):/.test(id)
}

const side = z.number().int().min(2).max(16_384)
const bytes = z.instanceof(Uint8Array)

/** Window to engine. A picture lies in `data` as its planes say; sound is s16le, 48 kHz, 2 channels. */
export const CaptureMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('open') }),
  z.object({ t: z.literal('failed'), name: z.string().max(100), message: z.string().max(1000) }),
  z.object({
    t: z.literal('video'),
    format: z.enum(['I420', 'NV12', 'RGBA', 'RGBX', 'BGRA', 'BGRX']),
    /** Full range instead of 16 to 235. */
    full: z.boolean(),
    width: side,
    height: side,
    planes: z
      .array(z.object({ offset: z.number().int().min(0), stride: z.number().int().min(1) }))
      .min(1)
      .max(3),
    data: bytes,
  }),
  z.object({ t: z.literal('audio'), pcm: bytes }),
])
export type CaptureMessage = z.infer<typeof CaptureMessage>
export type CapturedPicture = Extract<CaptureMessage, { t: 'video' }>

/** Engine to window: each picture is answered, and at most two are on their way. `stop` ends the capture. */
export type CaptureReply = 'ack' | 'stop'

/** A device that Chromium knows, as the window found it. */
export const BrowserDevice = z.object({
  kind: z.enum(['camera', 'microphone', 'desktop']),
  id: z.string().min(1).max(1000),
  label: z.string().max(200),
})
export type BrowserDevice = z.infer<typeof BrowserDevice>
