import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { FfmpegProcess } from '../../src/main/media/ffmpeg-process'
import { PullEngine } from '../../src/main/relay/pull/pull-engine'
import { PulledPackets } from '../../src/main/relay/pull/pulled-packets'
import { push, startRelay, until, type Push, type TestRelay } from './relay-harness'

/** Seconds of pictures that are measured for each way; more by the variable. */
const SECONDS = Number(process.env['LOW_DELAY_SECONDS'] ?? 2)

let relay: TestRelay
let publisher: Push
const seen = new Map<string, number>()
const leaving = new AbortController()

/** The same pictures as they leave the relay by HTTP-FLV, at once: the clock of the source. */
async function keepClock(): Promise<void> {
  const response = await fetch(relay.http('/live/show.flv'), { signal: leaving.signal })
  const packets = new PulledPackets({
    ...{ onConfig: () => undefined, onSoundConfig: () => undefined },
    onPacket: ({ track, data }) => {
      if (track === 'picture') seen.set(nameOf(data), performance.now())
    },
  })
  for await (const chunk of response.body!) packets.push(Buffer.from(chunk as Uint8Array))
}

function nameOf(data: Uint8Array): string {
  return `${data.length} ${Buffer.from(data.subarray(-24)).toString('hex')}`
}

beforeAll(async () => {
  relay = await startRelay()
  publisher = push(relay.rtmp(relay.key))
  await until('the live', () => relay.relay.hub.find('show')?.hls.segments[2])
  keepClock().catch(() => undefined)
})
afterAll(async () => {
  leaving.abort()
  await publisher.stop()
  await relay.relay.close()
})

/** From the relay to the player's port: how late pictures come there, milliseconds. */
async function delayOf(url: string): Promise<{ startMs: number; p50: number; p95: number; bufferMs: number }> {
  const engine = new PullEngine((args, onLine) => new FfmpegProcess(ffmpegPath(), args, { onLine }), {
    ...{ onChanged: () => undefined, onStats: () => undefined, onFailed: () => undefined },
  })
  const delays: number[] = []
  const offsets: number[] = []
  let since = Infinity
  engine.follow((message) => {
    if (message.t !== 'unit' || message.unit.track !== 'picture') return
    const now = performance.now()
    // The start is a burst of what is past.
    if (now < since + 1500) return
    offsets.push(now - message.unit.slot)
    const at = seen.get(nameOf(message.unit.data))
    if (at !== undefined) delays.push(now - at)
  })
  try {
    const before = performance.now()
    const show = await engine.open(url)
    since = performance.now()
    expect(show).toMatchObject({ kind: 'hls', live: true, width: 320 })
    await until('pictures', () => delays.length >= SECONDS * 30, (SECONDS + 40) * 1000)
    const part = (all: number[], share: number): number =>
      Math.round([...all].sort((a, b) => a - b)[Math.floor((all.length - 1) * share)]!)
    // What a jitter buffer must add: the spread of the arrivals.
    const bufferMs = part(offsets, 0.99) - part(offsets, 0)
    return { startMs: Math.round(since - before), p50: part(delays, 0.5), p95: part(delays, 0.95), bufferMs }
  } finally {
    engine.close()
  }
}

it('a live whose server gives parts is a fraction of a second behind it, not whole segments', async () => {
  // The same live as a server without parts has it.
  const plain = createServer((request, response) => {
    void (async () => {
      const answer = await fetch(relay.http(`/live/show${(request.url ?? '').split('?')[0]}`))
      const bytes = Buffer.from(await answer.arrayBuffer())
      const isList = request.url?.includes('.m3u8') === true
      const text = isList ? bytes.toString().replace(/^#EXT-X-(PART|SERVER|PRELOAD).*\n/gm, '') : bytes
      response.writeHead(answer.status).end(text)
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  try {
    const parts = await delayOf(relay.http('/live/show/index.m3u8'))
    const segments = await delayOf(`http://127.0.0.1:${(plain.address() as AddressInfo).port}/live.m3u8`)
    console.log('pulled LL-HLS, by parts:', parts, 'by segments:', segments)
    expect(parts.p50 + parts.bufferMs).toBeLessThan(0.5 * (segments.p50 + segments.bufferMs))
  } finally {
    plain.closeAllConnections()
    plain.close()
  }
})
