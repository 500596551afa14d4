import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserType } from '@playwright/test'
import type { RunningServer } from './servers'
import { wait } from './rtmp-publisher'

/** live.md 2: 40 cells of 16x16 below the picture, each a bit of the unix milliseconds at which it was made. */
const CLOCK =
  "color=c=black:s=40x2:r=30,format=yuv420p,geq=lum='if(eq(X,0),st(0,floor(time(0)*1000)),0);" +
  "255*mod(floor(mod(ld(0),pow(2,40))/pow(2,X)),2)':cb=128:cr=128,scale=640:16:flags=neighbor,setsar=1"
const SOURCE = `testsrc2=s=640x344:r=30,setsar=1[a];${CLOCK}[b];[a][b]vstack[out0];sine=r=48000[out1]`

/** The stream of live.md 2, pushed to a server; returns how to stop. */
export function pushClock(server: RunningServer): () => void {
  const args = [
    ...['-hide_banner', '-loglevel', 'error', '-filter_threads', '1', '-re', '-f', 'lavfi', '-i', SOURCE],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-g', '30'],
    ...['-sc_threshold', '0', '-b:v', '1200k', '-maxrate', '1200k', '-bufsize', '600k', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-b:a', '96k', '-flush_packets', '1', '-f', 'flv'],
    `rtmp://127.0.0.1:${server.rtmpPort}/live/${server.key}`,
  ]
  const child = spawn('/usr/bin/ffmpeg', args, { stdio: ['pipe', 'ignore', 'inherit'] })
  process.on('exit', () => child.kill('SIGKILL'))
  return () => void child.kill('SIGKILL')
}

const METER = `
  const video = document.querySelector('video'), canvas = new OffscreenCanvas(640, 16)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const born = performance.now()
  window.meter = { delays: [], startup: null, stalledMs: 0 }
  let last = 0, lastMove = performance.now(), n = 0
  const frame = () => {
    window.meter.startup ??= performance.now() - born
    if (n++ % 3 === 0) {
      context.drawImage(video, 0, 344, 640, 16, 0, 0, 640, 16)
      const { data } = context.getImageData(0, 8, 640, 1)
      let value = 0, ok = true
      for (let x = 0; x < 40; x++) {
        const grey = data[(x * 16 + 8) * 4]
        if (grey > 90 && grey < 165) ok = false
        if (grey > 127) value += 2 ** x
      }
      if (ok) window.meter.delays.push(Date.now() % 2 ** 40 - value)
    }
    video.requestVideoFrameCallback(frame)
  }
  video.requestVideoFrameCallback(frame)
  setInterval(() => {
    const now = performance.now()
    if (video.currentTime !== last) { last = video.currentTime; lastMove = now }
    else if (window.meter.startup !== null && now - lastMove > 150) window.meter.stalledMs += 100
  }, 100)`

/** Settings of live.md 9, but one chase only: hls.js' own change of rate and a second one work against each other. */
const HLS = `
  const hls = new Hls({ lowLatencyMode: true, liveSyncDuration: 0.15, liveMaxLatencyDuration: 1.5,
    maxLiveSyncPlaybackRate: 1, liveSyncOnStallIncrease: 0 })
  hls.loadSource(BASE + '/live/show/index.m3u8'); hls.attachMedia(video)
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play())
  setInterval(() => {
    const { buffered } = video
    if (!buffered.length) return
    const ahead = buffered.end(buffered.length - 1) - video.currentTime
    if (ahead > 0.6) video.currentTime += ahead - 0.15
    else if (ahead > 0.2) video.playbackRate = 1.1
    else if (ahead < 0.15) video.playbackRate = 1
  }, 100)`
const FLV = `
  const player = mpegts.createPlayer({ type: 'flv', isLive: true, url: BASE + '/live/show.flv' },
    { enableStashBuffer: false, lazyLoad: false, liveBufferLatencyChasing: true,
      liveBufferLatencyMaxLatency: 0.2, liveBufferLatencyMinRemain: 0.08 })
  player.attachMediaElement(video); player.load(); player.play()`

/** Nothing but the browser's own WebRTC. */
const WHEP = `
  const peer = new RTCPeerConnection(), stream = new MediaStream()
  peer.addTransceiver('video', { direction: 'recvonly' }); peer.addTransceiver('audio', { direction: 'recvonly' })
  peer.ontrack = ({ track, receiver }) => { stream.addTrack(track); video.srcObject = stream }
  peer.createOffer().then(async (offer) => {
    await peer.setLocalDescription(offer)
    const headers = { 'Content-Type': 'application/sdp' }
    const answer = await fetch(BASE + '/whep/show', { method: 'POST', headers, body: peer.localDescription.sdp })
    await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
  })`

export interface PlayerFigures {
  startupMs: number
  p50Ms: number
  p95Ms: number
  stalledPercent: number
  /** Of this machine's processor while it was measured. */
  idlePercent: number
}

/** One viewer after the other in a real Chromium: generation to presentation. */
export async function measurePlayers(server: RunningServer, seconds: number): Promise<Record<string, PlayerFigures>> {
  const base = `http://127.0.0.1:${server.httpPort}`
  const page = (library: string, script: string): string =>
    `<!doctype html><video muted autoplay width=640 height=360></video>${library && `<script src="/${library}"></script>`}` +
    `<script>const BASE = '${base}'; ${METER}; ${script}</script>`
  const files: Record<string, string> = {
    '/hls.js': readFileSync('node_modules/hls.js/dist/hls.min.js', 'utf8'),
    '/mpegts.js': readFileSync('node_modules/mpegts.js/dist/mpegts.js', 'utf8'),
    '/ll-hls': page('hls.js', HLS),
    '/flv': page('mpegts.js', FLV),
    '/whep': page('', WHEP),
  }
  const web = createServer((request, response) => {
    const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.setHeader('Content-Type', type).end(files[request.url ?? ''] ?? '')
  }).listen(0, '127.0.0.1')
  // Not bundled: it looks for files beside itself.
  const playwright = createRequire(join(process.cwd(), 'package.json'))('@playwright/test') as { chromium: BrowserType }
  const browser = await playwright.chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-background-timer-throttling'],
  })
  try {
    const own = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
    return {
      'll-hls, hls.js': await watch(browser, `${own}/ll-hls`, seconds),
      'http-flv, mpegts.js': await watch(browser, `${own}/flv`, seconds),
      'whep, Chromium': await watch(browser, `${own}/whep`, seconds),
      'our page': await watch(browser, `${base}/watch/show`, seconds, 'page'),
      'our page without WebRTC': await watch(browser, `${base}/watch/show`, seconds, 'page without WebRTC'),
    }
  } finally {
    await browser.close()
    web.close()
  }
}

async function watch(
  browser: Browser,
  url: string,
  seconds: number,
  ours?: 'page' | 'page without WebRTC',
): Promise<PlayerFigures> {
  const context = await browser.newContext({ bypassCSP: true })
  if (ours === 'page without WebRTC') await context.addInitScript('delete window.RTCRtpReceiver')
  const page = await context.newPage()
  await page.goto(url)
  if (ours) await page.evaluate(`(() => { ${METER} })()`)
  await wait(5000)
  const before = idleTimes()
  await page.evaluate('(meter.delays.length = 0, meter.stalledMs = 0)')
  await wait(seconds * 1000)
  const meter = await page.evaluate<{ delays: number[]; startup: number; stalledMs: number }>('meter')
  const after = idleTimes()
  await context.close()
  const sorted = meter.delays.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] ?? NaN)
  return {
    startupMs: Math.round(meter.startup),
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    stalledPercent: Math.round(meter.stalledMs / seconds / 0.1) / 100,
    idlePercent: Math.round((100 * (after.idle - before.idle)) / (after.all - before.all)),
  }
}

function idleTimes(): { idle: number; all: number } {
  const times = cpus().map((one) => one.times)
  const idle = times.reduce((sum, one) => sum + one.idle, 0)
  return { idle, all: times.reduce((sum, one) => sum + one.user + one.nice + one.sys + one.irq + one.idle, 0) }
}
