import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { StreamPipe, type BytePipe } from './byte-pipe'
import { DirectPipe } from './direct-pipe'
import { FfmpegProcess } from './ffmpeg-process'
import { RawFrameReader } from './raw-frame-reader'
import { eventually, isRunning } from './testing/clips'
import { CollectingSink } from './testing/collecting-sink'

const [WIDTH, HEIGHT] = [320, 180]
const SIZE = WIDTH * HEIGHT * 1.5

/** A program that writes what `script` says to descriptor 1; `out(bytes)` writes whole, byte n of all is n * 7 % 251. */
const PROGRAM = `
  const { writeSync } = require('node:fs')
  let at = 0
  const out = (count) => {
    const bytes = Buffer.alloc(count)
    for (let i = 0; i < count; i++) bytes[i] = (at++ * 7) % 251
    for (let done = 0; done < count; ) done += writeSync(1, bytes, done)
  }
`
const expected = (at: number): number => (at * 7) % 251

interface Started {
  child: FfmpegProcess
  pipe: BytePipe
}

async function start(kind: 'direct' | 'stream', script: string): Promise<Started> {
  const args = ['-e', PROGRAM + script]
  if (kind === 'stream') {
    const child = new FfmpegProcess(process.execPath, args)
    return { child, pipe: new StreamPipe(child.stdout) }
  }
  const direct = await DirectPipe.open()
  if (!direct) throw new Error('No direct pipe on this system.')
  return { child: new FfmpegProcess(process.execPath, args, { direct }), pipe: direct.pipe }
}

/** Every byte of every frame is where it belongs. */
function checking(sink: CollectingSink): CollectingSink {
  let at = 0
  sink.onFrame = ({ data }) => {
    for (let i = 0; i < data.length; i++) {
      if (data[i] !== expected(at++)) throw new Error(`byte ${at - 1} is ${data[i]}`)
    }
  }
  return sink
}

const kinds = process.platform === 'win32' ? (['stream'] as const) : (['direct', 'stream'] as const)
describe.each(kinds)('pictures from a %s pipe', (kind) => {
  it('are whole, however the program cuts what it writes', async () => {
    const script = `for (const part of [1, 2, 65536, 65535, 86399, 86400, 86401, 100, 200000]) out(part); out(${SIZE} * 20 - at)`
    const { child, pipe } = await start(kind, script)
    const sink = checking(new CollectingSink(WIDTH, HEIGHT))
    expect(await pipe.begun).toBe(true)
    const reader = new RawFrameReader(pipe, sink, () => undefined)
    expect(await child.exited).toMatchObject({ code: 0 })
    expect(sink.frames).toBe(20)
    reader.close()
  })

  it('wait in the program while no frame is free, and none is lost', async () => {
    const { child, pipe } = await start(kind, `out(${SIZE} * 30)`)
    const sink = checking(new CollectingSink(WIDTH, HEIGHT))
    const reader = new RawFrameReader(pipe, sink, () => {
      if (sink.frames % 10 === 5) sink.stall(true)
    })
    for (const frames of [5, 15, 25]) {
      expect(await eventually(() => reader.waiting)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(sink.frames).toBe(frames)
      sink.stall(false)
    }
    expect(await child.exited).toMatchObject({ code: 0 })
    expect(sink.frames).toBe(30)
  })

  it('end with the last whole one when the program ends or is killed in the middle of a picture', async () => {
    for (const ending of ['', "process.kill(process.pid, 'SIGKILL')"]) {
      const { child, pipe } = await start(kind, `out(${SIZE} * 2 + 1000); ${ending}`)
      const sink = checking(new CollectingSink(WIDTH, HEIGHT))
      const reader = new RawFrameReader(pipe, sink, () => undefined)
      expect(await child.exited).toMatchObject(ending === '' ? { code: 0 } : { signal: 'SIGKILL' })
      expect(sink.frames).toBe(2)
      reader.close()
    }
  })

  it('leave a frame alone once the reader is closed, also one half filled', async () => {
    const { child, pipe } = await start(kind, `for (;;) out(${SIZE} / 2)`)
    const sink = new CollectingSink(WIDTH, HEIGHT)
    const lent: Uint8Array[] = []
    const acquire = sink.acquire.bind(sink)
    sink.acquire = () => {
      const frame = acquire()
      if (frame) lent.push(frame.data)
      return frame
    }
    const reader = new RawFrameReader(pipe, sink, () => undefined)
    expect(await eventually(() => sink.frames > 3)).toBe(true)
    reader.close()
    const frames = sink.frames
    for (const data of lent) data.fill(255)
    await child.stop()
    expect(sink.frames).toBe(frames)
    expect(lent.every((data) => data.every((byte) => byte === 255))).toBe(true)
    expect(isRunning(child.pid!)).toBe(false)
  })

  it('stop with the program also when nobody ever read them', async () => {
    const { child, pipe } = await start(kind, `for (;;) out(${SIZE})`)
    expect(await pipe.begun).toBe(true)
    await child.stop()
    expect(isRunning(child.pid!)).toBe(false)
  })

  it('never begin when the program writes nothing', async () => {
    const { child, pipe } = await start(kind, '')
    expect(await pipe.begun).toBe(false)
    expect(await child.exited).toMatchObject({ code: 0 })
  })
})

describe.skipIf(process.platform === 'win32')('DirectPipe', () => {
  it('ends a program whose reader has gone', async () => {
    const { child, pipe } = await start('direct', `for (;;) out(${SIZE})`)
    await pipe.begun
    pipe.discard()
    expect((await child.exited).code).not.toBe(0)
  })

  it('settles when there is no such program', async () => {
    const direct = await DirectPipe.open()
    const child = new FfmpegProcess('/nowhere/ffmpeg', [], { direct })
    await child.exited
    expect(child.startError).toMatchObject({ code: 'ffmpeg-missing' })
    expect(await direct!.pipe.begun).toBe(false)
  })

  it('leaves nothing behind in the folder for temporary files', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('we-pipe-'))
    const { child } = await start('direct', '')
    await child.exited
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('we-pipe-') && !before.includes(name))
    expect(after).toEqual([])
  })

  it('reads into the frame itself', async () => {
    const { child, pipe } = await start('direct', `out(${SIZE} * 40)`)
    let [copied, direct] = [0, 0]
    const sink = checking(new CollectingSink(WIDTH, HEIGHT))
    await pipe.begun
    const flow = pipe.flow.bind(pipe)
    pipe.flow = (taker) => {
      flow({
        take: (bytes) => {
          copied += bytes.length
          taker.take(bytes)
        },
        room: () => taker.room(),
        filled: (count) => {
          direct += count
          taker.filled(count)
        },
      })
    }
    const reader = new RawFrameReader(pipe, sink, () => undefined)
    await child.exited
    reader.close()
    expect(sink.frames).toBe(40)
    expect(copied + direct).toBe(SIZE * 40)
    expect(direct).toBeGreaterThan(0)
  })
})

it('a stream that is not from a program', async () => {
  const stream = new PassThrough()
  const sink = checking(new CollectingSink(WIDTH, HEIGHT))
  const bytes = Uint8Array.from({ length: SIZE * 2 }, (_, i) => expected(i))
  new RawFrameReader(new StreamPipe(stream), sink, () => undefined)
  for (let at = 0; at < bytes.length; at += 1013) stream.write(bytes.subarray(at, at + 1013))
  expect(await eventually(() => sink.frames === 2)).toBe(true)
})
