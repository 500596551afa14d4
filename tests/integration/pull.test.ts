import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CaptionCue } from '@shared/captions/caption-cue'
import type { StudioError } from '@shared/errors'
import type { PulledShow, PullStats } from '@shared/live/pulled-show'
import type { WatchFeedMessage } from '@shared/live/watch-feed'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { FfmpegProcess } from '../../src/main/media/ffmpeg-process'
import { PullEngine } from '../../src/main/relay/pull/pull-engine'
import { NginxRtmp, nginxMissing } from './nginx-rtmp'
import { VideoServer } from './pull-servers'
import { limitFor, measureIdle } from './idle-share'

let web: VideoServer
let watcher: Watcher

/** An engine with a player that only writes down what it gets. */
class Watcher {
  readonly messages: (WatchFeedMessage & { at: number })[] = []
  shows: PulledShow[] = []
  failed: StudioError | null = null
  stats: PullStats | null = null
  log = ''
  /** Runs of ffmpeg. */
  programs = 0
  readonly engine = new PullEngine(
    (args, onLine) => {
      this.programs++
      return new FfmpegProcess(ffmpegPath(), args, { onLine: (line) => this.note(line, onLine) })
    },
    {
      onChanged: (_url, show) => void this.shows.push(show),
      onStats: (stats) => (this.stats = stats),
      onFailed: (_url, problem) => (this.failed = problem),
    },
  )

  constructor() {
    this.engine.follow((message) => void this.messages.push({ ...message, at: performance.now() }))
  }

  private note(line: string, pass: (line: string) => void): void {
    this.log += `${line}\n`
    pass(line)
  }

  pictures(): { slot: number; key: boolean; at: number; configId: number }[] {
    return this.messages.flatMap((message) =>
      message.t === 'unit' && message.unit.track === 'picture' ? [{ ...message.unit, at: message.at }] : [],
    )
  }

  frames(): number[] {
    return this.messages.flatMap((one) => (one.t === 'unit' && one.unit.track === 'sound' ? [one.unit.frame] : []))
  }

  async until(test: () => boolean, ms = 30_000): Promise<void> {
    const end = performance.now() + ms
    while (!test()) {
      if (performance.now() > end) throw new Error(`it did not happen; ${this.failed?.message ?? ''}\n${this.log}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

beforeAll(async () => {
  web = await VideoServer.start()
  web.make(['-movflags', '+faststart', 'film.mp4'], 12)
})
afterAll(() => web.close())
afterEach(() => watcher.engine.close())

describe('a finished MP4', () => {
  it('plays at its own speed with its length, sound counted without holes, pictures in time', async () => {
    watcher = new Watcher()
    const before = performance.now()
    const show = await watcher.engine.open(`${web.url}/film.mp4`)
    console.log('MP4: first picture after', Math.round(performance.now() - before), 'ms')
    expect(show).toMatchObject({ kind: 'file', live: false, width: 640, height: 360, recoded: false, title: 'film' })
    expect(show.durationMs).toBeGreaterThan(11_900)
    const idle = measureIdle()
    await watcher.until(() => watcher.pictures().length >= 50)
    const took = performance.now() - watcher.pictures()[0]!.at
    expect(took).toBeGreaterThan(1500)
    expect(took).toBeLessThan(limitFor(idle(), 3500, 15_000))
    expect(watcher.pictures()[0]!.key).toBe(true)
    const frames = watcher.frames()
    frames.forEach((frame, i) => expect(frame).toBe(frames[0]! + i))
    // B-pictures: the order of decoding is not that of showing.
    const slots = watcher.pictures().map(({ slot }) => slot)
    expect(slots).not.toEqual([...slots].sort((a, b) => a - b))
  })

  it('goes to a moment, holds, goes on, and ends', async () => {
    watcher = new Watcher()
    await watcher.engine.open(`${web.url}/film.mp4`)
    await watcher.until(() => watcher.pictures().length > 5)
    watcher.messages.length = 0
    const before = performance.now()
    watcher.engine.seek(7500)
    await watcher.until(() => watcher.pictures().some(({ slot }) => slot >= 7500))
    console.log('MP4: seek to picture', Math.round(performance.now() - before), 'ms')
    const [first] = watcher.pictures()
    expect(watcher.messages[0]!.t).toBe('jump')
    expect(first!.key).toBe(true)
    expect(first!.slot).toBeGreaterThan(5000)
    expect(first!.slot).toBeLessThanOrEqual(7500)
    // A held arrow key: some fetches instead of one for each repeat, and the last one counts.
    const programs = watcher.programs
    for (let toMs = 1000; toMs <= 4000; toMs += 200) {
      watcher.engine.seek(toMs)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    watcher.messages.length = 0
    await watcher.until(() => watcher.pictures().some(({ slot }) => slot >= 4000 && slot < 4500))
    expect(watcher.programs - programs).toBeLessThanOrEqual(4)
    watcher.engine.hold()
    const { length } = watcher.messages
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(watcher.messages.length).toBe(length)
    expect(watcher.shows.at(-1)!.phase).toBe('held')
    watcher.engine.seek(10_500)
    await watcher.until(() => watcher.shows.at(-1)!.phase === 'ended')
    expect(Math.max(...watcher.pictures().map(({ slot }) => slot))).toBeGreaterThan(11_800)
  })

  it('is encoded anew when it is not H.264, and a silent one has a silent track', async () => {
    web.make(['old.avi'], 3, ['-c:v', 'mpeg4'], [])
    watcher = new Watcher()
    const show = await watcher.engine.open(`${web.url}/old.avi`)
    expect(show).toMatchObject({ recoded: true, width: 640 })
    await watcher.until(() => watcher.pictures().length > 20 && watcher.frames().length > 20)
    const frames = watcher.frames()
    frames.forEach((frame, i) => expect(frame).toBe(frames[0]! + i))
  })
})

describe('HLS', () => {
  it('lists the qualities of a master, plays the best, and changes by hand at the same place', async () => {
    const hls = ['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0']
    web.make([...hls, 'low.m3u8'], 10, ['-c:v', 'libx264', '-preset', 'ultrafast', '-s', '320x180', '-g', '25'])
    web.make([...hls, 'high.m3u8'], 10, ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25'])
    const line = '#EXT-X-STREAM-INF:BANDWIDTH'
    writeFileSync(
      join(web.folder, 'master.m3u8'),
      `#EXTM3U\n${line}=200000,RESOLUTION=320x180\nlow.m3u8\n${line}=800000,RESOLUTION=640x360\nhigh.m3u8\n`,
    )
    watcher = new Watcher()
    const before = performance.now()
    const show = await watcher.engine.open(`${web.url}/master.m3u8`)
    console.log('HLS, finished: first picture after', Math.round(performance.now() - before), 'ms')
    expect(show).toMatchObject({ kind: 'hls', live: false, height: 360, quality: 0, automatic: true })
    expect(show.qualities.map(({ label }) => label)).toEqual(['360p', '180p'])
    await watcher.until(() => watcher.pictures().length > 10)
    watcher.engine.chooseQuality(1)
    await watcher.until(() => watcher.shows.at(-1)?.height === 180)
    expect(watcher.shows.at(-1)).toMatchObject({ quality: 1, automatic: false, height: 180 })
  })

  it('brings captions along: fetched near the place that is played, in the times of the video', async () => {
    // ffmpeg's MPEG-TS begins at 1.4 s of its own clock, as the map of real captions says.
    web.make(['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', 'talk.m3u8'], 10)
    const head = '#EXTM3U\n#EXT-X-TARGETDURATION:100\n'
    const entries = [0, 100, 200].map((at) => `#EXTINF:100,\nen${at}.vtt\n`).join('')
    const map = 'X-TIMESTAMP-MAP=MPEGTS:126000,LOCAL:00:00:00.000'
    const evil = '<b onclick=x>Hello</b> &lt;script&gt;'
    writeFileSync(join(web.folder, 'en.m3u8'), `${head}${entries}#EXT-X-ENDLIST\n`)
    writeFileSync(join(web.folder, 'en0.vtt'), `WEBVTT\n${map}\n\n00:03.000 --> 00:05.000\n${evil}\n`)
    writeFileSync(join(web.folder, 'en100.vtt'), 'not captions'.repeat(300_000))
    const line = '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",URI="en.m3u8"'
    const list = `#EXTM3U\n${line}\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360,SUBTITLES="s"\ntalk.m3u8\n`
    writeFileSync(join(web.folder, 'talks.m3u8'), list)
    watcher = new Watcher()
    const show = await watcher.engine.open(`${web.url}/talks.m3u8`)
    expect(show).toMatchObject({ captions: [{ id: 0, label: 'English', language: 'en' }], caption: null })
    expect(web.asked).not.toContain('/en.m3u8')
    watcher.engine.chooseCaptions(0)
    const cues = (): CaptionCue[] => watcher.messages.flatMap((one) => (one.t === 'captions' ? one.cues : []))
    await watcher.until(() => cues().length > 0)
    // Its first picture is 57 ms behind 1.4 s, and the video begins with that.
    expect(cues()).toEqual([{ startMs: 2943, endMs: 4943, text: 'Hello <script>', top: false }])
    expect(watcher.shows.at(-1)).toMatchObject({ caption: 0, phase: 'playing' })
    expect(web.asked).not.toContain('/en200.vtt')
    // A player that comes later gets them, too.
    watcher.messages.length = 0
    watcher.engine.follow((message) => void watcher.messages.push({ ...message, at: 0 }))
    expect(cues()).toHaveLength(1)
    watcher.engine.chooseCaptions(null)
    expect(watcher.messages.at(-1)).toMatchObject({ t: 'captions', fresh: true, cues: [] })
  })

  it('plays a live evenly though its segments come in bursts', async () => {
    web.live([
      '-f',
      'hls',
      '-hls_time',
      '1',
      '-hls_list_size',
      '6',
      '-hls_flags',
      'delete_segments+temp_file',
      'live.m3u8',
    ])
    watcher = new Watcher()
    await watcher.until(() => web.folder !== '' && /-2|2\.ts/.test(safeRead('live.m3u8')))
    const before = performance.now()
    const show = await watcher.engine.open(`${web.url}/live.m3u8`)
    console.log('HLS, live: first picture after', Math.round(performance.now() - before), 'ms')
    expect(show).toMatchObject({ kind: 'hls', live: true, durationMs: null })
    await watcher.until(() => watcher.pictures().length > 100)
    const pictures = watcher.pictures().slice(25)
    const gaps = pictures.slice(1).map(({ at }, i) => at - pictures[i]!.at)
    expect(gaps.filter((gap) => gap > 400).length).toBeLessThanOrEqual(2)
    console.log('HLS, live: longest gap', Math.round(Math.max(...gaps)), 'ms, late', watcher.stats?.lates)
  })

  it('never reads a file of this computer, whatever a playlist or a redirect says', async () => {
    web.make(['-f', 'mpegts', 'secret.ts'], 2)
    const secret = join(web.folder, 'secret.ts')
    const head = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-VERSION:3\n'
    const lists: Record<string, string> = {
      file: `${head}#EXTINF:2,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
      path: `${head}#EXTINF:2,\n${secret}\n#EXT-X-ENDLIST\n`,
      concat: `${head}#EXTINF:2,\nconcat:file:${secret}|file:${secret}\n#EXT-X-ENDLIST\n`,
      sub: `${head}#EXTINF:2,\nsubfile,,start,0,end,0,,:${secret}\n#EXT-X-ENDLIST\n`,
      key: `${head}#EXT-X-KEY:METHOD=AES-128,URI="file://${secret}"\n#EXTINF:2,\nfilm.mp4\n#EXT-X-ENDLIST\n`,
      map: `${head}#EXT-X-MAP:URI="file://${secret}"\n#EXTINF:2,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
      data: `${head}#EXTINF:2,\ndata:video/mp2t;base64,${web.read('secret.ts').toString('base64')}\n#EXT-X-ENDLIST\n`,
    }
    for (const [name, text] of Object.entries(lists)) {
      writeFileSync(join(web.folder, `${name}.m3u8`), text)
      watcher = new Watcher()
      await expect(watcher.engine.open(`${web.url}/${name}.m3u8`), name).rejects.toThrow(/./)
      expect(watcher.messages, name).toEqual([])
      watcher.engine.close()
    }
    // The same video by the web does play: it is the way that is refused.
    writeFileSync(join(web.folder, 'good.m3u8'), `${head}#EXTINF:2,\nsecret.ts\n#EXT-X-ENDLIST\n`)
    watcher = new Watcher()
    await watcher.engine.open(`${web.url}/good.m3u8`)
    watcher.engine.close()
    for (const path of ['/moved.mp4', '/moved.m3u8']) {
      web.answers.set(path, (response) => response.writeHead(302, { location: `file://${secret}` }).end())
      watcher = new Watcher()
      await expect(watcher.engine.open(web.url + path)).rejects.toThrow(/./)
      expect(watcher.messages).toEqual([])
    }
  })
})

describe('what cannot be played is told in words', () => {
  it.each([
    ['/missing.mp4', 'nothing-there'],
    ['/missing.m3u8', 'nothing-there'],
    ['/secret.mp4', 'not-allowed'],
    ['/secret.m3u8', 'not-allowed'],
    ['/page', 'not-a-video'],
    ['/noise.mp4', 'not-a-video'],
    ['/broken.mp4', 'server-broken'],
    ['/radio.mp4', 'no-picture'],
  ])('%s: %s', async (path, code) => {
    for (const secret of ['/secret.mp4', '/secret.m3u8'])
      web.answers.set(secret, (response) => response.writeHead(403).end())
    web.answers.set('/broken.mp4', (response) => response.writeHead(503).end())
    web.answers.set('/page', (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'.padEnd(99)),
    )
    web.answers.set('/noise.mp4', (response) => response.writeHead(200).end(Buffer.alloc(50_000, 'noise ')))
    if (path === '/radio.mp4') web.make(['radio.mp4'], 1, ['-vn'])
    watcher = new Watcher()
    await expect(watcher.engine.open(web.url + path)).rejects.toMatchObject({ name: 'StudioError', code })
  })

  it('a server that is not there', async () => {
    watcher = new Watcher()
    await expect(watcher.engine.open('http://127.0.0.1:9/live.flv')).rejects.toMatchObject({ code: 'nothing-there' })
    await expect(watcher.engine.open('rtmp://127.0.0.1:9/live/a')).rejects.toMatchObject({ code: 'nothing-there' })
  })
})

describe('HTTP-FLV', () => {
  it('plays a live without end', async () => {
    web.answers.set('/cam.flv', (response) => {
      response.writeHead(200, { 'content-type': 'video/x-flv' })
      const child = web.live(['-f', 'flv', '-flush_packets', '1', 'tcp-not-used.flv'])
      child.kill()
      const real = new FfmpegProcess(ffmpegPath(), [
        ...[
          '-v',
          'error',
          '-re',
          '-f',
          'lavfi',
          '-i',
          'testsrc2=size=640x360:rate=25',
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
        ],
        ...['-tune', 'zerolatency', '-g', '25', '-pix_fmt', 'yuv420p', '-flush_packets', '1', '-f', 'flv', 'pipe:1'],
      ])
      real.stdout.pipe(response)
      response.on('close', () => real.kill())
    })
    watcher = new Watcher()
    const before = performance.now()
    const show = await watcher.engine.open(`${web.url}/cam.flv`)
    console.log('HTTP-FLV: first picture after', Math.round(performance.now() - before), 'ms')
    expect(show).toMatchObject({ kind: 'flv', live: true })
    await watcher.until(() => watcher.pictures().length > 30)
  })
})

describe.skipIf(nginxMissing !== null)('RTMP from nginx', () => {
  it('plays, and comes back by itself when the server was away', async () => {
    const nginx = await NginxRtmp.start()
    try {
      let child = web.live(['-f', 'flv', `${nginx.url}/show`])
      await new Promise((resolve) => setTimeout(resolve, 2000))
      watcher = new Watcher()
      const before = performance.now()
      const show = await watcher.engine.open(`${nginx.url}/show`)
      console.log('RTMP: first picture after', Math.round(performance.now() - before), 'ms')
      expect(show).toMatchObject({ kind: 'rtmp', live: true, title: 'show', recoded: false })
      await watcher.until(() => watcher.pictures().length > 30)
      await nginx.kill()
      await watcher.until(() => watcher.shows.at(-1)?.phase === 'reconnecting')
      child.kill('SIGKILL')
      await nginx.run()
      child = web.live(['-f', 'flv', `${nginx.url}/show`])
      const from = watcher.messages.length
      await watcher.until(() => watcher.shows.at(-1)?.phase === 'playing')
      expect(watcher.messages.slice(from).some(({ t }) => t === 'jump')).toBe(true)
    } finally {
      await nginx.close()
    }
  })
})

function safeRead(path: string): string {
  try {
    return web.read(path).toString()
  } catch {
    return ''
  }
}
