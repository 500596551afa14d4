import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { DestinationState } from '@shared/live/destination'
import { FfmpegProcess } from '../../src/main/media/ffmpeg-process'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { DestinationSet, type DestinationSetOptions } from '../../src/main/relay/rtmp-out/destination-set'
import { parseDestination } from '../../src/main/relay/rtmp-out/destination-address'
import { UnitPlayer } from './unit-player'
import { WhipReceiver } from './whip-receiver'

const TOKEN = 'secret-token-4711'
const PATIENT = { timeout: 25_000, interval: 50 }
const closers: (() => unknown)[] = []
let show: UnitPlayer
let programs = 0

beforeAll(async () => {
  show = await UnitPlayer.make(800)
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function receiver(): Promise<WhipReceiver> {
  const one = await WhipReceiver.listen()
  closers.push(() => one.close())
  return one
}

function broadcast(urls: string[], options: DestinationSetOptions = {}) {
  const set = new DestinationSet(() => undefined, {
    ffmpeg: (args) => {
      programs++
      return new FfmpegProcess(ffmpegPath(), args)
    },
    ...options,
  })
  set.set(urls.map((url, i) => ({ id: String(i), url, key: TOKEN })))
  set.start()
  set.setConfig(show.config)
  show.play((unit) => set.take(unit))
  let isOver = false
  const stop = async (): Promise<void> => {
    if (isOver) return
    isOver = true
    show.stop()
    await set.stop()
  }
  closers.push(stop)
  const state = (i = 0): DestinationState | undefined => set.states.find(({ id }) => id === String(i))
  return { set, state, stop }
}

test('two services that take WHIP get picture and sound in step, after one encoding of the sound', async () => {
  const [one, two] = [await receiver(), await receiver()]
  programs = 0
  const { state, stop } = broadcast([one.url, two.url])
  for (const { packets } of [one, two])
    await vi.waitFor(() => expect(packets.audio.length).toBeGreaterThan(50), PATIENT)
  expect(programs).toBe(1)
  expect([state(0), state(1)]).toMatchObject([{ state: 'live', problem: null }, { state: 'live' }])
  await vi.waitFor(() => expect(one.clocks.audio && one.clocks.video).toBeDefined(), PATIENT)
  expect(state(0)!.bytes).toBeGreaterThan(1000)

  // what a decoder must have comes first, and nothing is missing
  const { video, audio } = one.packets
  expect(video[0]!.payload[0]! & 0x1f).toBe(24)
  expect(video[0]!.payload[3]! & 0x1f).toBe(7)
  for (const packets of [video, audio]) {
    for (const [i, { sequence }] of packets.entries()) expect(sequence).toBe((packets[0]!.sequence + i) & 0xffff)
  }
  const steps = audio.slice(1).map(({ timestamp }, i) => (timestamp - audio[i]!.timestamp) >>> 0)
  expect(new Set(steps)).toEqual(new Set([960]))

  // both tracks say when the show is, not when a packet left
  const { video: picture, audio: sound } = one.clocks
  expect(Math.abs(picture!.ntpSeconds - sound!.ntpSeconds)).toBeLessThan(5)
  const wall = (clock: typeof picture, rate: number, stamp: number): number =>
    clock!.ntpSeconds + ((stamp - clock!.timestamp) | 0) / rate
  const begins = wall(picture, 90_000, video[0]!.timestamp)
  expect(Math.abs(begins - Date.now() / 1000 - 2_208_988_800)).toBeLessThan(60)
  expect(wall(sound, 48_000, audio[0]!.timestamp)).toBeGreaterThan(begins - 0.5) // where the encoder of sound begins is its own affair

  await stop()
  expect(one.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /whip', 'DELETE /session/1'])
  expect(new Set(one.asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${TOKEN}`]))
  const profile = Buffer.from(show.config.avcC.subarray(1, 4)).toString('hex')
  expect(one.asked[0]!.body).toContain(`profile-level-id=${profile}`)
}, 60_000)

test('a service that goes away has the show again when it is back', async () => {
  const service = await receiver()
  const { state } = broadcast([service.url])
  await vi.waitFor(() => expect(service.packets.video.length).toBeGreaterThan(40), PATIENT)
  service.hangUp()
  await vi.waitFor(() => expect(state()).toMatchObject({ state: 'live', reconnects: 1 }), PATIENT)
  await vi.waitFor(() => expect(service.packets.video.length).toBeGreaterThan(10), PATIENT)
}, 90_000)

test('every kind of no is told in plain words, without the key, and tried again', async () => {
  const service = await receiver()
  let status = 401
  service.say = ({ path }) => {
    if (path === '/round') return { status: 307, headers: { Location: '/round' } }
    if (path === '/clear') return { status: 307, headers: { Location: 'http://example.com/whip' } }
    if (path === '/page') return { status: 201, headers: { 'Content-Type': 'text/html' }, body: '<p>' }
    if (path === '/nonsense') {
      return { status: 201, headers: { 'Content-Type': 'application/sdp' }, body: 'v=0\r\nnonsense' }
    }
    if (path === '/endless') return { status: 201, body: 'x'.repeat(200_000) }
    return path === '/silent' ? 'nothing' : { status }
  }
  const at = (path: string): string => new URL(path, service.url).href
  const paths = ['/whip', '/round', '/clear', '/page', '/nonsense', '/endless', '/silent']
  const { set, state, stop } = broadcast(paths.map(at), { timeoutMs: 2_000 })
  const words = ['does not know this stream key', 'without end', 'not safe', 'no answer', 'WebRTC', 'without end']
  for (const [i, part] of [...words, 'did not answer in time'].entries()) {
    await vi.waitFor(() => expect(state(i)?.problem).toContain(part), PATIENT)
    expect(state(i)!.problem).not.toContain(TOKEN)
  }
  for (const [code, part] of [
    [404, 'nothing at this address'],
    [406, 'H.264'],
    [503, 'fault of its own'],
  ] as const) {
    status = code
    set.retryNow('0')
    await vi.waitFor(() => expect(state(0)?.problem).toContain(part), PATIENT)
  }
  expect(service.asked.filter(({ path }) => path === '/round').length % 6).toBe(0) // five redirects, no more
  await stop()
  expect(state(0)).toBeUndefined()
}, 90_000)

test('a key goes over the open internet only encrypted', () => {
  for (const url of ['http://example.com/whip', 'http://8.8.8.8/whip', 'https://me:pw@example.com/whip', 'https://']) {
    expect(() => parseDestination(url), url).toThrow(/address/)
  }
  for (const url of [
    'https://example.com/whip',
    'http://localhost:8080/whip',
    'http://192.168.1.9/w',
    'http://[::1]/w',
  ]) {
    expect(parseDestination(url).kind, url).toBe('whip')
  }
})
