import {
  CAPTURE_PORT_MESSAGE,
  isDesktopId,
  type CaptureMessage,
  type CaptureReply,
  type CaptureRequest,
} from '@shared/media/browser-capture'
import { pcmOf } from './browser-sound'
import { TrackReader } from './track-reader'

/** Pictures on their way to the engine that it has not answered; one more is left out. */
const MOST_WAITING = 2

/**
 * The window's end of captures that the media engine wants: opens the devices, and sends pictures and sound over the
 * port of each until the engine says stop. Buffers are copied: in a transfer list they arrive as null (electron#34905).
 */
export class BrowserCapture {
  /** Waits for requests. Returns how to stop waiting. */
  listen(target: Window): () => void {
    const onMessage = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0]
      const data = event.data as { type?: unknown; request?: CaptureRequest } | null
      if (event.source !== target || data?.type !== CAPTURE_PORT_MESSAGE || !port || !data.request) return
      void capture(port, data.request)
    }
    target.addEventListener('message', onMessage)
    return () => target.removeEventListener('message', onMessage)
  }
}

async function capture(port: MessagePort, request: CaptureRequest): Promise<void> {
  const send = (message: CaptureMessage): void => port.postMessage(message)
  const over = new AbortController()
  let waiting = 0
  port.onmessage = ({ data }: MessageEvent<CaptureReply>) => {
    if (data === 'ack') waiting -= 1
    else over.abort()
  }
  const tracks: MediaStreamTrack[] = []
  over.signal.addEventListener('abort', () => {
    for (const track of tracks) track.stop()
    port.close()
  })
  try {
    for (const stream of await openStreams(request)) tracks.push(...stream.getTracks())
    if (over.signal.aborted) {
      for (const track of tracks) track.stop()
      return
    }
    send({ t: 'open' })
    for (const track of tracks) {
      track.addEventListener('ended', () => {
        send({ t: 'failed', name: 'closed', message: '' })
        over.abort()
      })
    }
    const video = tracks.find(({ kind }) => kind === 'video')
    const audio = tracks.find(({ kind }) => kind === 'audio')
    await Promise.all([
      video &&
        new TrackReader<VideoFrame>(video, over.signal).each(async (frame) => {
          if (waiting >= MOST_WAITING) return
          const message = await pictureOf(frame)
          if (over.signal.aborted) return
          waiting += 1
          send(message)
        }),
      audio &&
        new TrackReader<AudioData>(audio, over.signal).each((data) => {
          send({ t: 'audio', pcm: pcmOf(data) })
        }),
    ])
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
    if (!over.signal.aborted) send({ t: 'failed', name: name.slice(0, 100), message: message.slice(0, 1000) })
    over.abort()
  }
}

/** A camera with its microphone is one stream; a screen is asked for by itself, in the way that Electron knows. */
async function openStreams({ video, audio, width, height, fps }: CaptureRequest): Promise<MediaStream[]> {
  const open = (constraints: MediaStreamConstraints): Promise<MediaStream> =>
    navigator.mediaDevices.getUserMedia(constraints)
  const sound: MediaTrackConstraints | false = audio !== null && {
    deviceId: { exact: audio },
    sampleRate: 48_000,
    channelCount: 2,
  }
  if (video === null) return [await open({ audio: sound })]
  if (!isDesktopId(video)) {
    const picture = {
      ...{ deviceId: { exact: video }, resizeMode: 'crop-and-scale' },
      ...{ width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: fps } },
    }
    return [await open({ video: picture, audio: sound })]
  }
  const mandatory = {
    ...{ chromeMediaSource: 'desktop', chromeMediaSourceId: video },
    ...{ maxWidth: width, maxHeight: height, maxFrameRate: fps },
  }
  const screen = await open({ video: { mandatory } as unknown as MediaTrackConstraints, audio: false })
  try {
    return sound ? [screen, await open({ audio: sound })] : [screen]
  } catch (error) {
    for (const track of screen.getTracks()) track.stop()
    throw error
  }
}

async function pictureOf(frame: VideoFrame): Promise<CaptureMessage> {
  const { format, visibleRect } = frame
  if (format === null || visibleRect === null) throw new Error('its pictures cannot be read')
  if (!['I420', 'NV12', 'RGBA', 'RGBX', 'BGRA', 'BGRX'].includes(format)) throw new Error(`its format is ${format}`)
  const data = new Uint8Array(frame.allocationSize())
  const planes = await frame.copyTo(data)
  return {
    ...{ t: 'video', format: format as 'I420', full: frame.colorSpace.fullRange === true },
    ...{ width: visibleRect.width, height: visibleRect.height, data },
    planes: planes.map(({ offset, stride }) => ({ offset, stride })),
  }
}

/** The one of this window. */
export const browserCapture = new BrowserCapture()
