import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { StudioError } from '@shared/errors'
import { openFile } from './ffmpeg-capture'
import { readCube } from './look/cube-file'
import { probeVideo } from './probe'
import { openPicture } from './sources/still-source'
import { Clips, eventually } from './testing/clips'
import { CollectingSink } from './testing/collecting-sink'

const clips = new Clips()
const format = { width: 320, height: 180, fps: 30 }
const options = { ffmpegPath: clips.ffmpeg, format, unpaced: true }
/** A person does not wait longer than this for an answer. */
const LIMIT_MS = 10_000

afterEach(async () => expect(await eventually(() => children().length === 0, 3000)).toBe(true))
afterAll(() => clips.remove())

/** Programs of ours that still run: /proc, as CI has it. */
function children(): string[] {
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return (
        Number(parent) === process.pid &&
        state !== 'Z' &&
        readFileSync(`/proc/${entry}/cmdline`, 'latin1').includes('ffmpeg')
      )
    } catch {
      return false // ended meanwhile
    }
  })
}

/** A generator of numbers from 0 to 1 that gives the same for the same seed (Park and Miller's minimal standard). */
function random(seed: number): () => number {
  let state = seed * 2_654_435 + 1
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

/** A file with some bytes changed, all over it or near its beginning where sizes stand. */
function flipped(bytes: Buffer, seed: number): Buffer {
  const copy = Buffer.from(bytes)
  const next = random(seed)
  const reach = seed % 2 === 0 ? copy.length : Math.min(copy.length, 400)
  for (let count = 0; count < 4 + (seed % 40); count++) copy[Math.floor(next() * reach)] = Math.floor(next() * 256)
  return copy
}

/** Every field of 32 bits behind one of these names says that there is more than there is. */
function boasting(bytes: Buffer, ...names: string[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const name of names) {
    const at = copy.indexOf(name)
    if (at >= 4) copy.writeUInt32BE(0x7fff_fff0, at - 4)
  }
  return copy
}

function put(name: string, bytes: Buffer | string): string {
  writeFileSync(clips.path(name), bytes)
  return clips.path(name)
}

/** How it ended: `played`, the code of a sentence, or what went wrong with us. */
async function outcome(work: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => (timer = setTimeout(() => resolve('HANGS'), LIMIT_MS)))
  const done = work.then(
    () => 'played',
    (error: unknown) => (error instanceof StudioError ? error.code : `RAW ${String(error)}`),
  )
  const answer = await Promise.race([done, late])
  clearTimeout(timer)
  return answer
}

async function play(path: string): Promise<void> {
  await probeVideo(clips.ffmpeg, path)
  const source = await openFile({ kind: 'file', path, loop: false }, options)
  const { error } = await new CollectingSink(format.width, format.height).drain(source)
  if (error) throw error
}

async function show(path: string): Promise<void> {
  const source = await openPicture({ kind: 'picture', path }, options)
  await source.close()
}

/** All at once would only make each look slow. */
async function outcomes(paths: string[], open: (path: string) => Promise<unknown>): Promise<Record<string, string>> {
  const results: Record<string, string> = {}
  const queue = [...paths]
  const worker = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      results[path.slice(clips.folder.length + 1)] = await outcome(open(path))
    }
  }
  await Promise.all([worker(), worker(), worker()])
  return results
}

/** Neither a hang nor an error that was not written for a person. */
function expectWords(results: Record<string, string>): void {
  const bad = Object.entries(results).filter(([, result]) => /^(HANGS|RAW)/.test(result))
  expect(bad).toEqual([])
}

describe('a broken video', () => {
  const mp4 = readFileSync(clips.testPicture('good.mp4', '160x90', 30, 1))
  const mkv = readFileSync(clips.make('-i', clips.path('good.mp4'), '-c', 'copy', 'good.mkv'))
  const ts = readFileSync(clips.make('-i', clips.path('good.mp4'), '-c', 'copy', '-f', 'mpegts', 'good.ts'))

  it('of 26 kinds plays as far as it goes or is refused in words', async () => {
    const cases: string[] = []
    for (const [name, bytes] of Object.entries({ mp4, mkv, ts })) {
      for (const share of [0.02, 0.5, 0.95]) {
        cases.push(put(`cut-${share}.${name}`, bytes.subarray(0, Math.floor(bytes.length * share))))
      }
      for (let seed = 1; seed <= 5; seed++) cases.push(put(`flip-${seed}.${name}`, flipped(bytes, seed)))
    }
    cases.push(put('boast.mp4', boasting(mp4, 'mdat', 'moov', 'stsz', 'stco')))
    cases.push(put('boast-samples.mp4', boasting(mp4, 'stsz', 'stts', 'ctts')))
    const results = await outcomes(cases, play)
    expect(Object.keys(results)).toHaveLength(26)
    expectWords(results)
  })

  it('or what is none at all is refused, and says which', async () => {
    const endless = clips.path('endless.mp4')
    symlinkSync('/dev/zero', endless)
    execFileSync('mkfifo', [clips.path('pipe.mp4')])
    const noise = Buffer.from(Uint8Array.from({ length: 50_000 }, random(7)).map((_, i) => (i * 7919) % 251))
    const cases = {
      [put('empty.mp4', '')]: 'not-a-video',
      [put('text.mp4', 'no video at all\n'.repeat(5000))]: 'not-a-video',
      [put('playlist.mp4', '#EXTM3U\n#EXTINF:1,\n/etc/passwd\n')]: 'not-a-video',
      [put('list.mp4', "ffconcat version 1.0\nfile '/etc/passwd'\n")]: 'not-a-video',
      [put('noise.mp4', noise)]: 'not-a-video',
      [put('zeros.mkv', Buffer.alloc(2_000_000))]: 'not-a-video',
      [clips.make('-f', 'lavfi', '-i', 'sine=d=1', 'tone.mp3')]: 'no-picture',
      [put('wrong-name.avi', mkv)]: 'played',
      [put('wrong-name.png', mp4)]: 'played',
      [endless]: 'not-a-video',
      [clips.path('pipe.mp4')]: 'not-a-video',
      [clips.path('absent.mp4')]: 'file-missing',
      [clips.folder]: 'not-a-video',
    }
    const results = await outcomes(Object.keys(cases), play)
    expect(Object.values(cases)).toEqual(Object.keys(cases).map((path) => results[path.slice(clips.folder.length + 1)]))
  })
})

describe('a broken picture', () => {
  const make = (name: string): Buffer =>
    readFileSync(clips.make('-f', 'lavfi', '-i', 'testsrc=s=200x120', '-frames:v', '1', name))
  const good = { png: make('good.png'), jpg: make('good.jpg'), gif: make('good.gif'), bmp: make('good.bmp') }

  it('of 20 kinds is shown as far as it goes or refused in words', async () => {
    const cases = Object.entries(good).flatMap(([name, bytes]) => [
      ...[0.1, 0.6].map((share) => put(`cut-${share}.${name}`, bytes.subarray(0, Math.floor(bytes.length * share)))),
      ...[1, 2, 3].map((seed) => put(`flip-${seed}.${name}`, flipped(bytes, seed))),
    ])
    const results = await outcomes(cases, show)
    expect(Object.keys(results)).toHaveLength(20)
    expectWords(results)
  })

  it('or what is none is refused', async () => {
    const huge = Buffer.from(good.png)
    huge.writeUInt32BE(100_000, 16)
    huge.writeUInt32BE(100_000, 20)
    const endless = clips.path('endless.png')
    symlinkSync('/dev/zero', endless)
    const cases = {
      [put('empty.png', '')]: 'not-a-picture',
      [put('text.png', 'words')]: 'not-a-picture',
      [put('huge.png', huge)]: 'not-a-picture',
      [put('signature.png', good.png.subarray(0, 8))]: 'not-a-picture',
      [put('wrong.gif', good.jpg)]: 'played',
      [endless]: 'not-a-picture',
      [clips.path('absent.png')]: 'file-missing',
      [clips.folder]: 'file-unreadable',
    }
    const results = await outcomes(Object.keys(cases), show)
    expect(Object.values(cases)).toEqual(Object.keys(cases).map((path) => results[path.slice(clips.folder.length + 1)]))
  })
})

describe('a broken .cube file', () => {
  const lines = (size: number): string[] =>
    Array.from({ length: size ** 3 }, (_, i) => `${(i % size) / size} ${(i % 3) / 3} 0.5`)
  const good = Buffer.from(['TITLE "Good"', 'LUT_3D_SIZE 5', ...lines(5)].join('\n'))

  it('of 16 kinds is read or refused in words', async () => {
    const endless = clips.path('endless.cube')
    symlinkSync('/dev/zero', endless)
    const cases = [
      ...Array.from({ length: 6 }, (_, seed) => put(`flip-${seed}.cube`, flipped(good, seed + 1))),
      ...[0.3, 0.9].map((share) => put(`cut-${share}.cube`, good.subarray(0, Math.floor(good.length * share)))),
      put('empty.cube', ''),
      put('text.cube', 'no look\n'.repeat(1000)),
      put('huge.cube', 'LUT_3D_SIZE 99999\n0 0 0\n'),
      put('negative.cube', 'LUT_3D_SIZE -5\n0 0 0\n'),
      put('one-line.cube', `LUT_3D_SIZE 5\n${'0.5 '.repeat(500_000)}`),
      put('binary.cube', Buffer.alloc(100_000, 0xff)),
      endless,
      clips.folder,
    ]
    const results = await outcomes(cases, readCube)
    expect(Object.keys(results)).toHaveLength(16)
    expectWords(results)
    for (const name of ['empty', 'text', 'huge', 'negative', 'one-line', 'binary', 'endless', 'cut-0.3']) {
      expect([name, results[`${name}.cube`]]).not.toEqual([name, 'played'])
    }
  })
})
