import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StudioError } from '@shared/errors'
import { openExactFile, openNewFile } from './new-file'
import { Recording } from './recording'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'we-recording-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('a recording', () => {
  it('has its name from the beginning, and everything in its order', async () => {
    const target = { folder: join(folder, 'Videos/WE Studio'), name: 'Talk' }
    const recording = new Recording(await openNewFile(target))
    expect(recording.path).toBe(join(target.folder, 'Talk.mp4'))
    recording.start(bytes('init;'))
    for (let i = 0; i < 50; i++) recording.write(bytes(`${i};`), 500)
    expect(await recording.finish()).toEqual({ path: recording.path, name: 'Talk.mp4', durationMs: 25_000 })
    expect(readFileSync(recording.path, 'utf8')).toBe(`init;${Array.from({ length: 50 }, (_, i) => `${i};`).join('')}`)
    expect(readdirSync(target.folder)).toEqual(['Talk.mp4'])
  })

  it('never touches a file that is there', async () => {
    const target = { folder, name: 'Talk' }
    writeFileSync(join(folder, 'Talk.mp4'), 'mine')
    const [second, third] = await Promise.all([openNewFile(target), openNewFile(target)])
    expect([second.path, third.path].sort()).toEqual([join(folder, 'Talk (2).mp4'), join(folder, 'Talk (3).mp4')])
    expect(readFileSync(join(folder, 'Talk.mp4'), 'utf8')).toBe('mine')
    await Promise.all([second.handle.close(), third.handle.close()])
  })

  it('of nothing is no file', async () => {
    const recording = new Recording(await openNewFile({ folder, name: 'Empty' }))
    recording.start(bytes('init'))
    expect(await recording.finish()).toBeNull()
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(!existsSync('/dev/full'))('says once that the disk is full', async () => {
    const path = join(folder, 'full.mp4')
    symlinkSync('/dev/full', path)
    const recording = new Recording({ path, handle: await open(path, 'w') })
    const problems: StudioError[] = []
    recording.onFailure = (problem) => problems.push(problem)
    for (let i = 0; i < 5; i++) recording.write(bytes('x'.repeat(1000)), 500)
    expect(await recording.finish()).toBeNull()
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['recording-failed', 'The recording has stopped: the disk is full. Your live goes on.'],
    ])
  })

  it('keeps the whole segments when a later one cannot be written', async () => {
    const { path, handle } = await openNewFile({ folder, name: 'Half' })
    const recording = new Recording({ path, handle })
    let problem: StudioError | null = null
    recording.onFailure = (error) => (problem = error)
    recording.start(bytes('init'))
    recording.write(bytes('one'), 500)
    // A disk that fills up in the middle of a segment takes a part of it.
    const write = handle.write.bind(handle)
    recording.write(bytes('two'), 500)
    await new Promise((resolve) => setTimeout(resolve, 50))
    handle.write = (async (data: Uint8Array, from: number, _length: number, position: number) => {
      await write(data, from, 3, position)
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
    }) as unknown as typeof handle.write
    recording.write(bytes('three'), 500)
    recording.write(bytes('four'), 500)
    expect(await recording.finish()).toMatchObject({ durationMs: 1000 })
    expect(readFileSync(path, 'utf8')).toBe('initonetwo')
    expect(problem).toMatchObject({ message: expect.stringMatching(/before is in Half\.mp4/) as string })
  })

  it('gives up on a disk that does not keep up, before the memory is gone', async () => {
    const recording = new Recording(await openNewFile({ folder, name: 'Slow' }))
    let problem: StudioError | null = null
    recording.onFailure = (error) => (problem = error)
    const big = new Uint8Array(30 << 20)
    for (let i = 0; i < 3; i++) recording.write(big, 500)
    expect(problem).toMatchObject({ code: 'recording-failed' })
    await recording.finish()
  })
})

describe('a file that cannot be made', () => {
  it('is refused in words', async () => {
    writeFileSync(join(folder, 'file'), '')
    writeFileSync(join(folder, 'taken.mp4'), '')
    await expect(openNewFile({ folder: join(folder, 'file/inside'), name: 'x' })).rejects.toMatchObject({
      code: 'not-writable',
    })
    await expect(openExactFile(join(folder, 'taken.mp4'))).rejects.toMatchObject({ code: 'file-exists' })
    await expect(openExactFile(join(folder, 'no/x.mp4'))).rejects.toMatchObject({ code: 'no-such-folder' })
    await expect(openExactFile(join(folder, 'x.mkv'))).rejects.toMatchObject({ code: 'bad-target' })
  })
})
