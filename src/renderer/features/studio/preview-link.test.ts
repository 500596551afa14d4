// @vitest-environment happy-dom
import type { PreviewFrame } from '@shared/ipc/studio-schema'
import { afterEach, expect, test } from 'vitest'
import { PREVIEW_PORT_MESSAGE, PreviewLink } from './preview-link'

const ports: MessagePort[] = []
afterEach(() => ports.splice(0).forEach((port) => port.close()))

/** An engine's end: sends frames and counts the answers. */
function engine() {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const acks: unknown[] = []
  port1.onmessage = (event) => acks.push(event.data)
  const send = (timeMs: number): void => {
    const frame: PreviewFrame = { width: 2, height: 2, data: new Uint8Array(6), timeMs, faces: 0 }
    port1.postMessage(frame)
  }
  return { port: port2, acks, send }
}

/** Long enough for messages and several animation frames to pass. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120))

test('every frame is drawn and answered once', async () => {
  const drawn: number[] = []
  const link = new PreviewLink((_canvas, frame) => void drawn.push(frame.timeMs))
  const { port, acks, send } = engine()
  link.attach(document.createElement('canvas'))
  link.use(port)
  send(1)
  await expect.poll(() => acks).toEqual(['ack'])
  send(2)
  await expect.poll(() => acks).toEqual(['ack', 'ack'])
  expect(drawn).toEqual([1, 2])
})

test('nothing is answered while no page shows it; then the newest picture is drawn and all are answered', async () => {
  const drawn: number[] = []
  const link = new PreviewLink((_canvas, frame) => void drawn.push(frame.timeMs))
  const { port, acks, send } = engine()
  link.use(port)
  send(1)
  send(2)
  await quiet()
  expect(acks).toEqual([])
  link.attach(document.createElement('canvas'))
  await expect.poll(() => acks).toEqual(['ack', 'ack'])
  expect(drawn).toEqual([2])
})

test('a picture that cannot be drawn is skipped and answered', async () => {
  const link = new PreviewLink((_canvas, frame) => {
    if (frame.timeMs === 1) throw new TypeError('size')
  })
  const canvas = document.createElement('canvas')
  const { port, acks, send } = engine()
  link.attach(canvas)
  link.use(port)
  send(1)
  await expect.poll(() => acks.length).toBe(1)
  send(2)
  await expect.poll(() => acks.length).toBe(2)
  expect(canvas.dataset['frames']).toBe('1')
})

test('a new port replaces the old one, and only this window can bring one', async () => {
  const drawn: number[] = []
  const link = new PreviewLink((_canvas, frame) => void drawn.push(frame.timeMs))
  const stop = link.listen(window)
  link.attach(document.createElement('canvas'))
  const [first, second, foreign] = [engine(), engine(), engine()]
  const bring = (port: MessagePort, source: Window | null): void => {
    const event = new Event('message')
    Object.assign(event, { data: PREVIEW_PORT_MESSAGE, source, ports: [port] })
    window.dispatchEvent(event)
  }
  bring(first.port, window)
  first.send(1)
  await expect.poll(() => drawn).toEqual([1])
  bring(second.port, window)
  bring(foreign.port, null)
  foreign.send(9)
  second.send(2)
  await expect.poll(() => drawn).toEqual([1, 2])
  await expect.poll(() => second.acks.length).toBe(1)
  expect(foreign.acks).toEqual([])
  stop()
})
