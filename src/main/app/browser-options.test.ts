import { expect, it } from 'vitest'
import type { BrowserDevice } from '@shared/media/browser-capture'
import type { SourceOption } from '@shared/media/source-spec'
import { withBrowserDevices } from './browser-options'

const demo: SourceOption = { id: 'demo', label: 'Demo presenter', spec: { kind: 'demo' } }
const webcam: SourceOption = { id: 'c', label: 'HD Webcam', spec: { kind: 'camera', device: '/dev/video0' } }
const usb: SourceOption = { id: 'm', label: 'USB Audio', spec: { kind: 'microphone', device: 'plughw:0,0' } }

it('what ffmpeg does not find can be captured by the window', () => {
  const devices: BrowserDevice[] = [
    { kind: 'camera', id: 'abc', label: 'Phone link' },
    { kind: 'microphone', id: 'default', label: 'Default' },
    { kind: 'microphone', id: 'communications', label: 'Communications' },
    { kind: 'microphone', id: 'def', label: 'Headset' },
  ]
  expect(withBrowserDevices([demo], devices).slice(1)).toEqual([
    {
      id: 'browser-camera:abc',
      label: 'Phone link (browser)',
      spec: { kind: 'browser', video: 'abc', audio: 'default', label: 'Phone link (browser)' },
    },
    expect.objectContaining({ label: 'Default (browser)' }),
    expect.objectContaining({
      label: 'Headset (browser)',
      spec: { kind: 'browser', video: null, audio: 'def', label: 'Headset (browser)' },
    }),
  ])
})

it('a device that both know is there once, and it is the one of ffmpeg', () => {
  const devices: BrowserDevice[] = [
    { kind: 'camera', id: 'abc', label: 'HD Webcam (046d:0825)' },
    { kind: 'camera', id: 'ghi', label: 'Second camera' },
    { kind: 'microphone', id: 'default', label: 'Default - USB Audio' },
    { kind: 'microphone', id: 'def', label: 'USB Audio' },
  ]
  expect(withBrowserDevices([demo, webcam, usb], devices).map(({ label }) => label)).toEqual([
    'Demo presenter',
    'HD Webcam',
    'USB Audio',
    'Second camera (browser)',
  ])
})

it('a device without a name is offered only where there is no other', () => {
  const nameless: BrowserDevice[] = [{ kind: 'camera', id: 'x', label: '' }]
  expect(withBrowserDevices([webcam], nameless)).toEqual([webcam])
  expect(withBrowserDevices([], nameless)[0]!.label).toBe('Camera (browser)')
})
