import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { FfmpegProcess, runFfmpeg } from './ffmpeg-process'
import { Clips, eventually, isRunning } from './testing/clips'

const clips = new Clips()
afterAll(() => clips.remove())

/** Raw pictures for ever, at the pace of a camera. */
const ENDLESS = [
  '-v',
  'error',
  '-nostdin',
  '-re',
  '-f',
  'lavfi',
  '-i',
  'testsrc=s=320x240:r=30',
  '-f',
  'rawvideo',
  'pipe:1',
]

it('stops a program that nobody reads from', async () => {
  const child = new FfmpegProcess(clips.ffmpeg, ENDLESS)
  expect(child.alive).toBe(true)
  await new Promise((resolve) => child.stdout.once('readable', resolve))
  await child.stop()
  expect(child.alive).toBe(false)
  expect(isRunning(child.pid!)).toBe(false)
  await child.stop()
})

it('kills a program that ignores SIGTERM', async () => {
  const stubborn = ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')"]
  const child = new FfmpegProcess(process.execPath, stubborn)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGKILL' })
})

it('ends with its signal, also with one that was aborted before', async () => {
  const abort = new AbortController()
  const child = new FfmpegProcess(clips.ffmpeg, ENDLESS, { signal: abort.signal })
  child.stdout.resume()
  abort.abort()
  await child.exited
  expect(isRunning(child.pid!)).toBe(false)
  const late = new FfmpegProcess(clips.ffmpeg, ENDLESS, { signal: abort.signal })
  await late.exited
  expect(late.alive).toBe(false)
})

it('keeps the last words', async () => {
  const run = await runFfmpeg(clips.ffmpeg, ['-v', 'error', '-nostdin', '-i', clips.path('nothing.mp4')])
  expect(run.code).toBe(1)
  expect(run.stderr).toContain('No such file or directory')
  const child = new FfmpegProcess(clips.ffmpeg, ['-v', 'error', '-i', clips.path('nothing.mp4')])
  await child.exited
  expect(child.lastWords).toContain('No such file or directory')
})

it('gives up on a program that hangs', async () => {
  const run = await runFfmpeg(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 100 })
  expect(run.timedOut).toBe(true)
})

it('says when there is no such program', async () => {
  const child = new FfmpegProcess('/nowhere/ffmpeg', [])
  await child.exited
  expect(child.startError).toMatchObject({ code: 'ffmpeg-missing' })
  await expect(runFfmpeg('/nowhere/ffmpeg', [])).rejects.toMatchObject({ code: 'ffmpeg-missing' })
})

/** The pipes as FfmpegProcess makes them, in an owner that can be killed without this test ending. */
const OWNER = `
import { spawn } from 'node:child_process'
const [ffmpeg, clip] = process.argv.slice(2)
const stdio = ['pipe', 'pipe', 'pipe', 'pipe']
const capture = spawn(ffmpeg, ['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', clip,
  '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1', '-f', 's16le', 'pipe:3'], { stdio })
const encode = spawn(ffmpeg, ['-v', 'error', '-nostdin', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', '320x240',
  '-r', '30', '-i', 'pipe:0', '-f', 's16le', '-ar', '44100', '-ac', '1', '-i', 'pipe:3', '-c:v', 'libx264',
  '-c:a', 'aac', '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov', 'pipe:1'], { stdio })
capture.stdout.pipe(encode.stdin)
capture.stdio[3].pipe(encode.stdio[3])
capture.stdout.once('data', () => console.log(capture.pid, encode.pid))
`

it.each(['SIGKILL', 'SIGTERM'] as const)('leaves no orphan when its owner ends by %s', async (signal) => {
  const clip = clips.testPicture('loop.mp4', '320x240', 30, 1)
  writeFileSync(clips.path('owner.mjs'), OWNER)
  const owner = spawn(process.execPath, [clips.path('owner.mjs'), clips.ffmpeg, clip])
  const line = await new Promise<string>((resolve) =>
    owner.stdout.once('data', (data: Buffer) => resolve(data.toString())),
  )
  const pids = line.trim().split(' ').map(Number)
  expect(pids.map(isRunning)).toEqual([true, true])
  owner.kill(signal)
  expect(await eventually(() => !pids.some(isRunning))).toBe(true)
})
