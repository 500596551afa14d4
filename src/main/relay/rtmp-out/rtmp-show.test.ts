import { expect, test } from 'vitest'
import type { AccessUnit } from '@shared/media/access-unit'
import { TAG } from '../flv/flv-tag'
import { RtmpShow } from './rtmp-show'

const CONFIG = { id: 1, width: 640, height: 360, fps: 30, avcC: Uint8Array.of(1, 2), asc: Uint8Array.of(3) }

class Line {
  queuedBytes = 0
  readonly sent: string[] = []
  sendMetadata(fields: Record<string, unknown>): void {
    this.sent.push(`metadata ${String(fields['width'])}`)
  }
  send(type: number, time: number, [head]: readonly Uint8Array[]): void {
    const isHeader = head?.[1] === 0
    this.sent.push(`${type === TAG.sound ? 'audio' : 'video'}${isHeader ? ' header' : ''} ${time}`)
  }
}

const picture = (slot: number, key: boolean, size = 1000, configId = 1): AccessUnit => ({
  ...{ track: 'picture', configId, slot, key, capturedAt: 0 },
  data: new Uint8Array(size),
})
const sound = (frame: number): AccessUnit => ({ track: 'sound', configId: 1, frame, data: new Uint8Array(10) })

function begin(): { line: Line; show: RtmpShow } {
  const line = new Line()
  const show = new RtmpShow(line)
  show.setConfig(CONFIG)
  return { line, show }
}

test('a service that joins in the middle begins with the next key picture, at time 0, with its headers', () => {
  const { line, show } = begin()
  show.take(picture(100, false))
  show.take(sound(156)) // 3,328 ms: before the key picture
  show.take(picture(105, true)) // 3,500 ms
  show.take(sound(165)) // 3,520 ms
  show.take(picture(106, false))
  expect(line.sent).toEqual(['metadata 640', 'video header 0', 'audio header 0', 'video 0', 'audio 20', 'video 33'])
})

test('another encoder is announced by its headers before its first picture, times go on', () => {
  const { line, show } = begin()
  show.take(picture(0, true))
  show.setConfig({ ...CONFIG, id: 2 })
  show.take(picture(15, true, 1000, 2))
  expect(line.sent.slice(-3)).toEqual(['video header 500', 'audio header 500', 'video 500'])
})

test('a slow line loses pictures up to the next key picture that has room, never the sound', () => {
  const { line, show } = begin()
  for (let slot = 0; slot < 60; slot++) show.take(picture(slot, slot % 15 === 0, 20_000))
  const before = line.sent.length
  line.queuedBytes = 2_000_000
  show.take(picture(60, true, 20_000)) // a key picture without room
  show.take(picture(61, false, 20_000))
  line.queuedBytes = 0
  show.take(picture(62, false, 20_000)) // needs what was left out
  show.take(sound(100))
  expect(line.sent.slice(before)).toEqual(['audio 2133'])
  show.take(picture(75, true, 20_000))
  expect(line.sent.at(-1)).toBe('video 2500')
  expect(show.droppedPictures).toBe(3)
})
