import { writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { Clips } from '../main/media/testing/clips'
import { parseSource } from './broadcast'

const clips = new Clips()
afterAll(() => clips.remove())

function made(name: string): string {
  writeFileSync(clips.path(name), '')
  return clips.path(name)
}

test('a source is named as "we sources" lists it, with the microphone that goes with it', () => {
  expect(parseSource('demo', false)).toEqual({ kind: 'demo' })
  expect(parseSource('camera', false)).toEqual({ kind: 'camera' })
  expect(parseSource('camera:HD: Webcam', false, 'USB')).toEqual({
    kind: 'camera',
    device: 'HD: Webcam',
    microphone: 'USB',
  })
  expect(parseSource('screen', false, 'none')).toEqual({ kind: 'screen', microphone: 'none' })
  expect(parseSource('screen:HDMI-1', false)).toEqual({ kind: 'screen', device: 'HDMI-1' })
  expect(parseSource('window:Notes', false)).toEqual({ kind: 'window', device: 'Notes' })
  expect(parseSource('microphone:USB', false)).toEqual({ kind: 'microphone', device: 'USB' })
})

test('a path is a picture by its ending, else a video', () => {
  const picture = made('Poster.JPG')
  expect(parseSource(picture, true)).toEqual({ kind: 'picture', path: picture })
  const video = made('clip.mkv')
  expect(parseSource(video, true)).toEqual({ kind: 'file', path: video, loop: true })
})

test('what cannot be meant is refused with words', () => {
  expect(() => parseSource('nothing.mp4', false)).toThrow('There is no file nothing.mp4.')
  expect(() => parseSource('demo', false, 'USB')).toThrow('--microphone goes with a camera')
  expect(() => parseSource('window', false)).toThrow('There is no file window.')
})
