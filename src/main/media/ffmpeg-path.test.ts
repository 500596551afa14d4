import { existsSync } from 'node:fs'
import { sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ffmpegPath, outsideArchive } from './ffmpeg-path'

describe('ffmpegPath', () => {
  it('finds the bundled program', () => {
    const path = ffmpegPath(undefined, {})
    expect(existsSync(path)).toBe(true)
    expect(path).toContain('@ffmpeg-installer')
  })

  it('takes WE_FFMPEG, and the argument before it', () => {
    expect(ffmpegPath(undefined, { WE_FFMPEG: process.execPath })).toBe(process.execPath)
    expect(ffmpegPath(process.execPath, { WE_FFMPEG: '/nowhere' })).toBe(process.execPath)
  })

  it('says where it looked when the chosen one is missing', () => {
    expect(() => ffmpegPath(undefined, { WE_FFMPEG: '/nowhere/ffmpeg' })).toThrow(/no ffmpeg at \/nowhere\/ffmpeg/)
  })
})

it('outsideArchive leaves the archive only', () => {
  const inside = ['', 'opt', 'app.asar', 'node_modules', 'ffmpeg'].join(sep)
  expect(outsideArchive(inside)).toBe(['', 'opt', 'app.asar.unpacked', 'node_modules', 'ffmpeg'].join(sep))
  expect(outsideArchive(outsideArchive(inside))).toBe(outsideArchive(inside))
})
