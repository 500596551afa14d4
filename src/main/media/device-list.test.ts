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

const AVFOUNDATION_UNICODE = `[AVFoundation input device @ 0x600] AVFoundation video devices:
[AVFoundation input device @ 0x600] [0] Caméra FaceTime HD (intégrée)
[AVFoundation input device @ 0x600] [1] iPhone von Jürgen „Küche“
[AVFoundation input device @ 0x600] [2] Capture screen 0
[AVFoundation input device @ 0x600] [3] Capture screen 1
[AVFoundation input device @ 0x600] AVFoundation audio devices:
[AVFoundation input device @ 0x600] [0] 外部麦克风
[AVFoundation input device @ 0x600] [1] Capture screen 0
: Input/output error`

const AVFOUNDATION_DENIED = `[AVFoundation indev @ 0x7f9] AVFoundation video devices:
[AVFoundation indev @ 0x7f9] AVFoundation audio devices:
2026-01-01 10:00:00.000 ffmpeg[411:7423] CMIO_Unit_Input_Device.cpp error, permission denied
: Input/output error`

const DSHOW_UNICODE = `[dshow @ 000003] DirectShow video devices (some may be both video and audio devices)
[dshow @ 000003]  "网络摄像头 "Pro""
[dshow @ 000003]     Alternative name "@device_pnp_ü"
[dshow @ 000003] DirectShow audio devices
[dshow @ 000003]  "Микрофон (Realtek High Definition Audio)"
[dshow @ 000003]     Alternative name "@device_cm_1"
dummy: Immediate exit requested`

const DSHOW_NONE = `[dshow @ 000004] DirectShow video devices (some may be both video and audio devices)
[dshow @ 000004] Could not enumerate video devices (or none found).
[dshow @ 000004] DirectShow audio devices
[dshow @ 000004] Could not enumerate audio only devices (or none found).
dummy: Immediate exit requested`

describe('listings of ffmpeg', () => {
  it('reads avfoundation: screens are no cameras, and the system has a microphone of its own choice', () => {
    expect(parseAvfoundation(AVFOUNDATION)).toEqual({
      cameras: [{ id: '0', label: 'FaceTime HD Camera (Built-in)' }],
      screens: [{ id: '1', label: 'Screen 1' }],
      windows: [],
      microphones: [
        { id: 'default', label: 'Default microphone' },
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
    expect(parseDshow(DSHOW_5)).toMatchObject({
      cameras: [{ id: '@device_pnp_1', label: 'HD Webcam' }],
      microphones: [{ id: '@device_cm_3', label: 'Headset' }],
    })
  })

  it('keeps names in any script, and those that look like something else', () => {
    expect(parseAvfoundation(AVFOUNDATION_UNICODE)).toMatchObject({
      cameras: [
        { id: '0', label: 'Caméra FaceTime HD (intégrée)' },
        { id: '1', label: 'iPhone von Jürgen „Küche“' },
      ],
      screens: [
        { id: '2', label: 'Screen 1' },
        { id: '3', label: 'Screen 2' },
      ],
      microphones: [{ id: 'default' }, { id: '0', label: '外部麦克风' }, { id: '1', label: 'Capture screen 0' }],
    })
    expect(parseDshow(DSHOW_UNICODE)).toMatchObject({
      cameras: [{ id: '@device_pnp_ü', label: '网络摄像头 "Pro"' }],
      microphones: [{ id: '@device_cm_1', label: 'Микрофон (Realtek High Definition Audio)' }],
    })
  })

  it.each([
    ['no devices on Windows', parseDshow, DSHOW_NONE],
    ['no microphone on Windows, only its error', parseDshow, 'Unknown input format: dshow'],
    ['no permission on a Mac', parseAvfoundation, AVFOUNDATION_DENIED],
    ['nothing at all', parseAvfoundation, ''],
  ])('finds no camera and no microphone in a listing of %s', (_, parse, text) => {
    expect(parse(text)).toMatchObject({ cameras: [], microphones: [], windows: [] })
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
    expect(await listDevices({ ffmpegPath: '', platform: 'linux', root, display: '' })).toEqual({
      screens: [],
      windows: [],
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

  it('tells two cameras of one name apart', async () => {
    await put('sys/class/video4linux/video0/name', 'Webcam\n')
    await put('sys/class/video4linux/video2/name', 'Webcam\n')
    const { cameras } = await listDevices({ ffmpegPath: '', platform: 'linux', root, display: '' })
    expect(cameras).toEqual([
      { id: '/dev/video0', label: 'Webcam' },
      { id: '/dev/video2', label: 'Webcam (2)' },
    ])
  })

  it('is empty without devices, and when ffmpeg is missing', async () => {
    const none = { cameras: [], microphones: [], screens: [], windows: [] }
    expect(await listDevices({ ffmpegPath: '', platform: 'linux', root, display: '' })).toEqual(none)
    // A display that is not there is no error either.
    expect(await listDevices({ ffmpegPath: '', platform: 'linux', root, display: ':987' })).toEqual(none)
    expect(await listDevices({ ffmpegPath: '/nowhere', platform: 'darwin' })).toEqual(none)
  })
})
