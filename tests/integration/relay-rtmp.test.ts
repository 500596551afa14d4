import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { probe, push, startRelay, until, type Push, type TestRelay } from './relay-harness'

let relay: TestRelay
const pushes: Push[] = []
const publish = (...args: Parameters<typeof push>): Push => {
  const one = push(...args)
  pushes.push(one)
  return one
}

afterEach(async () => {
  await Promise.all(pushes.splice(0).map((one) => one.stop()))
  await relay.relay.close()
})

const live = (): Promise<unknown> => until('the live', () => relay.relay.hub.find('show')?.stream.config)

describe('what ffmpeg sends to the relay', () => {
  it('plays by HTTP-FLV, by RTMP and by HLS, picture and sound', async () => {
    relay = await startRelay()
    publish(relay.rtmp(relay.key))
    await live()
    for (const url of [relay.http('/live/show.flv'), relay.rtmp('show'), relay.http('/live/show/index.m3u8')]) {
      const { streams, packets } = await probe(url, 2)
      expect(streams.map(({ codec_name }) => codec_name).sort(), url).toEqual(['aac', 'h264'])
      expect(
        streams.find(({ codec_name }) => codec_name === 'h264'),
        url,
      ).toMatchObject({ width: 320, height: 180 })
      const pictures = packets.filter(({ codec_type }) => codec_type === 'video')
      expect(pictures.length, url).toBeGreaterThan(25)
      expect(pictures[0]?.flags, url).toContain('K')
      const times = pictures.map(({ dts_time }) => Number(dts_time))
      for (const [i, time] of times.entries()) if (i > 0) expect(time - times[i - 1]!, url).toBeGreaterThan(0)
      expect(times.at(-1)! - times[0]!, url).toBeCloseTo((times.length - 1) / 30, 1)
    }
  })

  it.skipIf(!existsSync('/usr/bin/ffmpeg'))(
    'with reordered pictures and 44.1 kHz, as OBS may send them, keeps both',
    async () => {
      relay = await startRelay()
      const source = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25[out0];sine=r=44100[out1]']
      publish(relay.rtmp(relay.key), ['-preset', 'veryfast', '-tune', 'film', '-bf', '2', '-g', '50', '-ar', '44100'], {
        program: '/usr/bin/ffmpeg',
        source,
      })
      await live()
      for (const url of [relay.http('/live/show.flv'), relay.http('/live/show/live.m3u8')]) {
        const { streams, packets } = await probe(url, 3)
        expect(streams.find(({ codec_name }) => codec_name === 'h264')?.has_b_frames, url).toBeGreaterThan(0)
        expect(streams.find(({ codec_name }) => codec_name === 'aac')?.sample_rate, url).toBe('44100')
        const pictures = packets.filter(({ codec_type }) => codec_type === 'video')
        const shown = pictures.map(({ pts_time }) => Number(pts_time)).sort((a, b) => a - b)
        for (const [i, time] of shown.entries()) if (i > 0) expect(time - shown[i - 1]!, url).toBeCloseTo(0.04, 2)
        expect(
          pictures.some(({ pts_time, dts_time }) => pts_time !== dts_time),
          url,
        ).toBe(true)
      }
    },
  )

  it('is refused in words with a wrong key, and with a wrong address', async () => {
    relay = await startRelay()
    const wrong = publish(relay.rtmp('no-such-key'))
    expect(await wrong.exited).not.toBe(0)
    expect(wrong.stderr()).toContain('This stream key is not known here')
    const elsewhere = publish(relay.rtmp(relay.key).replace('/live/', '/studio/'))
    expect(await elsewhere.exited).not.toBe(0)
    expect(elsewhere.stderr()).toContain('The server address ends in /live')
    expect(relay.relay.hub.lives).toEqual([])
  })

  it('is not taken away by a second program with the same key, which is told so', async () => {
    relay = await startRelay()
    const first = publish(relay.rtmp(relay.key))
    await live()
    const second = publish(relay.rtmp(relay.key))
    expect(await second.exited).not.toBe(0)
    expect(second.stderr()).toContain('Another program is sending with this stream key')
    expect(first.child.exitCode).toBeNull()
    expect(relay.relay.hub.isSending('show')).toBe(true)
  })

  it('goes on for its readers when the publisher is cut off and comes back, with the time going on', async () => {
    relay = await startRelay({ graceMs: 8_000 })
    const first = publish(relay.rtmp(relay.key))
    await live()
    const probing = probe(relay.http('/live/show.flv'), 5)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await first.stop()
    publish(relay.rtmp(relay.key))
    const { packets } = await probing
    const times = packets.filter(({ codec_type }) => codec_type === 'video').map(({ dts_time }) => Number(dts_time))
    expect(times.length).toBeGreaterThan(100)
    for (const [i, time] of times.entries()) if (i > 0) expect(time - times[i - 1]!).toBeGreaterThanOrEqual(0)
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(4)
    expect(relay.relay.hub.lives).toHaveLength(1)
  })

  it('a live that is not there is a 404 in words, and an RTMP player is told', async () => {
    relay = await startRelay()
    for (const path of ['/live/show.flv', '/live/show.mp4', '/live/show/index.m3u8', '/api/show.json']) {
      const answer = await fetch(relay.http(path))
      expect(answer.status, path).toBe(404)
      expect(await answer.text(), path).toContain('There is no live named show here')
    }
    await expect(probe(relay.rtmp('show'))).rejects.toThrow(/no live of this name/)
  })
})
