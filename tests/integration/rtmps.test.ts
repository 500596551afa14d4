import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { FfmpegProcess } from '../../src/main/media/ffmpeg-process'
import type { ServerResponse } from 'node:http'
import { PullRun } from '../../src/main/relay/pull/pull-run'
import { findSource } from '../../src/main/relay/pull/pull-source'
import { DestinationSet } from '../../src/main/relay/rtmp-out/destination-set'
import { NginxRtmp, nginxMissing } from './nginx-rtmp'
import { VideoServer } from './pull-servers'
import { UnitPlayer } from './unit-player'

const missing = nginxMissing ?? (has('openssl') ? null : 'openssl is not installed')
if (missing !== null) console.warn(`NOT CHECKED: RTMPS against a real server: ${missing}`)

function has(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** TLS before a real RTMP server, as services have it. */
class TlsFront {
  readonly folder = mkdtempSync(join(tmpdir(), 'we-tls-'))
  readonly ca: string
  /** Bytes of RTMP that clients have sent. */
  received = 0
  private readonly server: Server

  constructor(target: number, name: string) {
    const at = (file: string): string => join(this.folder, file)
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-keyout', at('key'), '-out', at('crt'), '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
      ],
      { stdio: 'ignore' },
    )
    this.ca = readFileSync(at('crt'), 'utf8')
    this.server = createServer({ key: readFileSync(at('key')), cert: this.ca }, (socket) => {
      const behind = connect(target, '127.0.0.1')
      socket.on('data', (bytes: Buffer) => (this.received += bytes.length))
      socket.pipe(behind).pipe(socket)
      for (const one of [socket, behind]) one.on('error', () => behind.destroy()).on('close', () => socket.destroy())
    })
    this.server.on('tlsClientError', () => undefined)
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return (this.server.address() as AddressInfo).port
  }

  close(): void {
    this.server.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

describe.skipIf(missing !== null)('RTMPS', () => {
  let nginx: NginxRtmp
  let right: TlsFront
  let wrong: TlsFront
  const ports = { right: 0, wrong: 0 }

  beforeAll(async () => {
    nginx = await NginxRtmp.start()
    right = new TlsFront(nginx.port, 'localhost')
    wrong = new TlsFront(nginx.port, 'other.example')
    Object.assign(ports, { right: await right.listen(), wrong: await wrong.listen() })
  })
  afterAll(async () => {
    right.close()
    wrong.close()
    await nginx.close()
  })

  /** Fetches for a while; resolves with pictures that came, or why it ended. */
  function pull(
    url: string,
    ca: string | undefined,
    kind: 'rtmp' | 'hls' | 'file' = 'rtmp',
  ): Promise<{ pictures: number; problem: Error | null }> {
    const source = { kind, inputs: [url], live: kind === 'rtmp', durationMs: null, variants: [], captions: [] }
    let pictures = 0
    return new Promise((resolve) => {
      const run = new PullRun(
        (args, onLine) => new FfmpegProcess(ffmpegPath(), args, { onLine }),
        { ...source, parts: false },
        kind === 'rtmp' ? null : 0,
        {
          ...{ onFacts: () => undefined, onConfig: () => undefined, onSoundConfig: () => undefined },
          onPacket: ({ track }) => {
            if (track !== 'picture' || ++pictures < 20) return
            run.close()
            resolve({ pictures, problem: null })
          },
          onOver: (problem) => resolve({ pictures, problem }),
        },
        ca === undefined ? {} : { ca },
      )
    })
  }

  test('the show reaches a service over TLS, and can be watched from it over TLS', async () => {
    const show = await UnitPlayer.make(800)
    const set = new DestinationSet(() => undefined, { ca: right.ca })
    const url = `rtmps://localhost:${ports.right}/live`
    set.set([{ id: 'a', url, key: 'secret' }])
    set.start()
    set.setConfig(show.config)
    show.play((unit) => set.take(unit))
    try {
      await expect.poll(() => set.states[0]?.state, { timeout: 30_000 }).toBe('live')
      const { pictures, problem } = await pull(`${url}/secret`, right.ca)
      expect(problem).toBeNull()
      expect(pictures).toBe(20)
      expect(await readdir(nginx.recordings)).toHaveLength(1)
    } finally {
      show.stop()
      await set.stop()
      // its goodbye is counted below otherwise
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  })

  test('a film by https plays only with a certificate that is right: HLS, its segments, a redirect, and an MP4', async () => {
    const web = await VideoServer.start()
    const front = new TlsFront(Number(new URL(web.url).port), 'localhost')
    const url = `https://localhost:${await front.listen()}`
    try {
      web.make(['-movflags', '+faststart', 'film.mp4'], 3)
      web.make(['-f', 'hls', '-hls_time', '1', '-hls_list_size', '0', 'film.m3u8'], 3)
      const moved = (to: string) => (response: ServerResponse) => void response.writeHead(302, { location: to }).end()
      web.answers.set('/moved.m3u8', moved('/film.m3u8'))
      // Down from https to http: what is fetched then could be anybody's.
      web.answers.set('/down.m3u8', moved(`${web.url}/film.m3u8`))
      for (const name of ['film.mp4', 'film.m3u8', 'moved.m3u8']) {
        const kind = name.endsWith('.mp4') ? 'file' : 'hls'
        expect(await pull(`${url}/${name}`, front.ca, kind), name).toEqual({ pictures: 20, problem: null })
      }
      expect((await pull(`${url}/down.m3u8`, front.ca, 'hls')).problem).toMatchObject({ name: 'StudioError' })
      const before = front.received
      const refused = await pull(`${url}/film.m3u8`, undefined, 'hls')
      expect(refused).toMatchObject({ pictures: 0, problem: { code: 'bad-certificate' } })
      expect(front.received).toBe(before)
      const found = findSource({ kind: 'hls', url: `${url}/film.m3u8` }, AbortSignal.timeout(5000))
      await expect(found).rejects.toMatchObject({ code: 'bad-certificate' })
    } finally {
      front.close()
      await web.close()
    }
  })

  test.each([
    ['that nobody vouches for', 'right', false, /made its certificate itself/],
    ['for another name', 'wrong', true, /certificate is for another name/],
  ] as const)(
    'a certificate %s is refused in words, and not a byte of the show or of the key is sent',
    async (_, which, trusted, words) => {
      const front = which === 'right' ? right : wrong
      const before = front.received
      const url = `rtmps://localhost:${ports[which]}/live`
      const set = new DestinationSet(() => undefined, trusted ? { ca: front.ca } : {})
      set.set([{ id: 'a', url, key: 'secret' }])
      set.start()
      try {
        await expect.poll(() => set.states[0]?.state, { timeout: 30_000 }).toBe('retrying')
        expect(set.states[0]?.problem).toMatch(words)
        expect(set.states[0]?.problem).toMatch(/localhost is not to be trusted.*stream key neither/)
      } finally {
        await set.stop()
      }
      const { pictures, problem } = await pull(`${url}/secret`, trusted ? front.ca : undefined)
      expect(pictures).toBe(0)
      expect(problem).toMatchObject({ name: 'StudioError', code: 'bad-certificate' })
      expect(problem?.message).toMatch(words)
      expect(front.received).toBe(before)
    },
    30_000,
  )
})
