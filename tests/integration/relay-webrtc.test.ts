import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import type { Track } from 'node-datachannel'
import { FfmpegProcess } from '../../src/main/media/ffmpeg-process'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { DECODE_ALL } from '../../src/main/media/testing/decode-all'
import { DestinationSet } from '../../src/main/relay/rtmp-out/destination-set'
import { loadRtc } from '../../src/main/relay/rtc/load-rtc'
import { isRtcp, readRtp } from '../../src/main/relay/rtc/rtp-packet'
import { startRelay } from './relay-harness'
import { UnitPlayer } from './unit-player'

const run = promisify(execFile)
const PATIENT = { timeout: 25_000, interval: 50 }
const SDP = { 'Content-Type': 'application/sdp' }
const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A player that takes WHEP. */
async function viewer() {
  const rtc = await loadRtc()
  const connection = new rtc.PeerConnection('', { iceServers: [], disableAutoNegotiation: true })
  closers.push(() => connection.close())
  let state = ''
  connection.onStateChange((now) => (state = now))
  const video = new rtc.Video('v', 'RecvOnly')
  video.addVP8Codec(96)
  video.addH264Codec(97, 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1')
  const audio = new rtc.Audio('a', 'RecvOnly')
  audio.addOpusCodec(109)
  const packets = { v: 0, a: 0 }
  const types = new Set<number>()
  const listen = (track: Track, mid: 'v' | 'a'): Track => {
    track.onClosed(() => undefined)
    track.onMessage((bytes) => {
      const packet = isRtcp(bytes) ? null : readRtp(bytes)
      if (!packet) return
      packets[mid]++
      types.add(packet.payloadType)
    })
    return track
  }
  const tracks = [listen(connection.addTrack(video), 'v'), listen(connection.addTrack(audio), 'a')]
  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((now) => {
      if (now === 'complete') resolve()
    })
  })
  connection.setLocalDescription('offer')
  await gathered
  return {
    ...{ packets, types, tracks, connection, offer: connection.localDescription()!.sdp },
    state: () => state,
  }
}

test('a live is played over WebRTC by any player that takes WHEP, and offers without sense are refused', async () => {
  const { relay, http } = await startRelay({}, { soundFfmpeg: (args) => new FfmpegProcess(ffmpegPath(), args) })
  closers.push(() => relay.close())
  const show = await UnitPlayer.make(800)
  const intake = relay.intake('own', 'My show')
  intake.config(show.config)
  show.play((unit) => intake.unit(unit))
  closers.push(() => show.stop())
  await vi.waitFor(() => expect(relay.hub.find('own')?.stream.config).not.toBeNull(), PATIENT)

  const post = (body: string, name = 'own', headers = SDP): Promise<Response> =>
    fetch(http(`/whep/${name}`), { method: 'POST', headers, body })
  const { packets, types, offer, connection, tracks } = await viewer()
  expect((await post(offer, 'nobody')).status).toBe(404)
  expect((await post(offer, 'own', { 'Content-Type': 'text/plain' })).status).toBe(415)
  expect((await post('v=0' + 'x'.repeat(100_000))).status).toBe(413)
  expect((await post('hello')).status).toBe(400)
  expect((await post(offer.replaceAll('H264', 'H263'))).status).toBe(406)
  expect((await fetch(http('/whep/own'))).status).toBe(404)

  const answer = await post(offer)
  expect(answer.status).toBe(201)
  connection.setRemoteDescription(await answer.text(), 'answer')
  await vi.waitFor(() => expect(Math.min(packets.v, packets.a)).toBeGreaterThan(20), PATIENT)
  expect(types).toEqual(new Set([97, 109]))
  expect(tracks.map((track) => track.isOpen())).toEqual([true, true])
  expect(relay.figures.lives[0]!.readers.whep).toBe(1)
  await vi.waitFor(() => expect(relay.figures.bytesOut.whep).toBeGreaterThan(1000), PATIENT)

  const gone = await fetch(http(answer.headers.get('location')!), { method: 'DELETE' })
  expect(gone.status).toBe(204)
  await vi.waitFor(() => expect(relay.figures.lives[0]!.readers.whep).toBe(0), PATIENT)
}, 60_000)

test('a show that comes by WHIP is a live like any other, with the key as its only door', async () => {
  const { relay, http, key } = await startRelay({}, { soundFfmpeg: (args) => new FfmpegProcess(ffmpegPath(), args) })
  closers.push(() => relay.close())
  const show = await UnitPlayer.make(800)
  const problems: (string | null)[] = []
  const set = new DestinationSet((states) => problems.push(states[0]?.problem ?? null), {
    ffmpeg: (args) => new FfmpegProcess(ffmpegPath(), args),
  })
  set.set([{ id: 'a', url: http('/whip'), key: 'wrong' }])
  set.start()
  set.setConfig(show.config)
  show.play((unit) => set.take(unit))
  closers.push(() => {
    show.stop()
    return set.stop()
  })
  await vi.waitFor(() => expect(problems.join()).toContain('does not know this stream key'), PATIENT)
  expect(relay.hub.lives).toEqual([])

  set.set([{ id: 'a', url: http('/whip'), key }])
  await vi.waitFor(() => expect(relay.hub.find('show')?.stream.config?.sound).toBeTruthy(), PATIENT)
  const file = join(await mkdtemp(join(tmpdir(), 'we-whip-')), 'show.flv')
  closers.push(() => rm(dirname(file), { recursive: true }))
  const args = ['-v', 'error', '-xerror', '-i', http('/live/show.flv'), '-t', '2', '-c', 'copy', '-f', 'flv', file]
  await run(ffmpegPath(), args, { timeout: 25_000 })
  const judged = await run(ffmpegPath(), [
    '-v',
    'error',
    '-xerror',
    '-i',
    file,
    ...DECODE_ALL,
    '-progress',
    'pipe:1',
    '-',
  ])
  expect(judged.stderr).toBe('')
  expect(Number([...judged.stdout.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1])).toBeGreaterThan(30)
  expect(relay.hub.find('show')!.stream.config).toMatchObject({ picture: { width: 640, height: 360 } })

  await set.stop()
  await vi.waitFor(() => expect(relay.hub.isSending('show')).toBe(false), PATIENT)
}, 60_000)
