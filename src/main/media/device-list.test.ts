import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listDevices, parseAvfoundation, parseDshow } from './device-list'

// Listings as ffmpeg prints them (addresses shortened).
const AVFOUNDATION = `[AVFoundation indev @ 0x7f9] AVFoundation video devices:
[AVFoundation indev @ 0x7f9] [0] FaceTime HD Camera (Built-in)
[AVFoundation indev @ 0x7f9] [1] Capture screen 0
[AVFoundation indev @ 0x7f9] AVFoundation audio devices:
[AVFoundation indev @ 0x7f9] [0] Built-in Microphone
[AVFoundation indev @ 0x7f9] [1] AirPods [left]
: Input/output error`

const DSHOW_4 = `[dshow @ 000001] DirectShow video devices (some may be both video and audio devices)
[dshow @ 000001]  "Integrated Camera"
[dshow @ 000001]     Alternative name "@device_pnp_\\\\?\\usb#vid_04f2&pid_b221"
[dshow @ 000001]  "Integrated Camera"
[dshow @ 000001]     Alternative name "@device_pnp_\\\\?\\usb#vid_04f2&pid_b222"
[dshow @ 000001] DirectShow audio devices
[dshow @ 000001]  "Microphone (Realtek(R) Audio)"
[dshow @ 000001]     Alternative name "@device_cm_{33D9A762}\\wave_{1}"
dummy: Immediate exit requested`

const DSHOW_5 = `[dshow @ 000002] "HD Webcam" (video)
[dshow @ 000002]   Alternative name "@device_pnp_1"
[dshow @ 000002] "OBS Virtual Camera" (none)
[dshow @ 000002]   Alternative name "@device_sw_2"
[dshow @ 000002] "Headset" (audio)
[dshow @ 000002]   Alternative name "@device_cm_3"`

describe('listings of ffmpeg', () => {
  it('reads avfoundation, without screens', () => {
    expect(parseAvfoundation(AVFOUNDATION)).toEqual({
      cameras: [{ id: '0', label: 'FaceTime HD Camera (Built-in)' }],
      microphones: [
        { id: '0', label: 'Built-in Microphone' },
        { id: '1', label: 'AirPods [left]' },
      ],
    })
  })

  it('reads dshow of ffmpeg 4: equal names are told apart', () => {
    const { cameras, microphones } = parseDshow(DSHOW_4)
    expect(cameras.map((camera) => camera.label)).toEqual(['Integrated Camera', 'Integrated Camera'])
    expect(new Set(cameras.map((camera) => camera.id)).size).toBe(2)
    expect(microphones).toEqual([{ id: '@device_cm_{33D9A762}\\wave_{1}', label: 'Microphone (Realtek(R) Audio)' }])
  })

  it('reads dshow of ffmpeg 5 and later', () => {
    expect(parseDshow(DSHOW_5)).toEqual({
      cameras: [{ id: '@device_pnp_1', label: 'HD Webcam' }],
      microphones: [{ id: '@device_cm_3', label: 'Headset' }],
    })
  })

  it('takes an error for an empty list', () => {
    expect(parseDshow('Unknown input format: dshow')).toEqual({ cameras: [], microphones: [] })
  })
})

describe('Linux', () => {
  let root: string
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'devices-'))))
  afterEach(() => rm(root, { recursive: true }))

  it('lists picture nodes in order and microphones by card name', async () => {
    await put('sys/class/video4linux/video10/name', 'Capture card\n')
    await put('sys/class/video4linux/video2/name', 'HD Webcam: HD Webcam\n')
    await put('sys/class/video4linux/video2/index', '0\n')
    await put('sys/class/video4linux/video3/name', 'HD Webcam: HD Webcam\n')
    await put('sys/class/video4linux/video3/index', '1\n')
    await put('sys/class/video4linux/v4l-subdev0/name', 'sensor\n')
    await put(
      'proc/asound/pcm',
      '00-00: ALC256 Analog : ALC256 Analog : playback 1 : capture 1\n00-03: HDMI 0 : HDMI 0 : playback 1\n',
    )
    await put('proc/asound/cards', ' 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      at 0x1\n')
    expect(await listDevices({ ffmpegPath: '', platform: 'linux', root })).toEqual({
      cameras: [
        { id: '/dev/video2', label: 'HD Webcam: HD Webcam' },
        { id: '/dev/video10', label: 'Capture card' },
      ],
      microphones: [
        { id: 'default', label: 'Default microphone' },
        { id: 'plughw:0,0', label: 'HDA Intel PCH' },
      ],
    })
  })

  it('is empty without devices, and when ffmpeg is missing', async () => {
    const none = { cameras: [], microphones: [] }
    expect(await listDevices({ ffmpegPath: '', platform: 'linux', root })).toEqual(none)
    expect(await listDevices({ ffmpegPath: '/nowhere', platform: 'darwin' })).toEqual(none)
  })
})
