import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { MediaEngine } from '../media-engine'
import type { PersonEffect, PersonSettings } from '../person/person-effect'
import { decodeStill } from '../still-image'
import { Clips } from '../testing/clips'
import { FakeParts } from '../testing/fake-parts'
import { coverFit } from './cover-fit'
import { backgroundPath, importBackground } from './import-background'

const clips = new Clips()
const context = { ffmpegPath: clips.ffmpeg, signal: new AbortController().signal }
afterAll(() => clips.remove())

function picture(name: string, size: string): string {
  return clips.make('-f', 'lavfi', '-i', `color=0x2060c0:s=${size}`, '-frames:v', '1', name)
}

test('a picture is copied into the profile under its own name, no larger than a frame needs', async () => {
  const folder = join(clips.folder, 'backgrounds')
  const imported = await importBackground(picture('My beach.png', '2400x120'), folder, context)
  expect(imported.name).toBe('My beach')
  expect(imported.id).toMatch(/^[0-9a-f]{16}$/)
  const kept = await decodeStill(backgroundPath(folder, imported.id), context)
  expect([kept.width, kept.height]).toEqual([1920, 96])
  const [r, g, b] = kept.data
  expect(Math.abs(r! - 0x20) + Math.abs(g! - 0x60) + Math.abs(b! - 0xc0)).toBeLessThan(12)
  expect(await importBackground(clips.path('My beach.png'), folder, context)).toEqual(imported)
  expect(readdirSync(folder)).toEqual([`${imported.id}.jpg`])
})

test('what is no picture is refused in plain words, and nothing is written', async () => {
  const folder = join(clips.folder, 'none')
  writeFileSync(clips.path('words.png'), 'these are words')
  writeFileSync(clips.path('cut.png'), Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'))
  await expect(importBackground(clips.path('words.png'), folder, context)).rejects.toMatchObject({
    code: 'not-a-picture',
  })
  await expect(importBackground(clips.path('cut.png'), folder, context)).rejects.toMatchObject({
    code: 'not-a-picture',
  })
  await expect(importBackground(clips.path('gone.png'), folder, context)).rejects.toMatchObject({
    code: 'file-missing',
  })
  expect(existsSync(folder)).toBe(false)
})

test('a picture covers the frame whatever its shape: its middle stays, what sticks out is cut', () => {
  const wide = { width: 6, height: 2, data: Uint8Array.from({ length: 36 }, (_, i) => 40 * Math.floor((i % 18) / 3)) }
  expect([...coverFit(wide, 2, 2).data].filter((_, i) => i % 3 === 0)).toEqual([80, 120, 80, 120])
  const one = { width: 1, height: 1, data: Uint8Array.from([10, 20, 30]) }
  expect([...coverFit(one, 3, 2).data]).toEqual(Array.from({ length: 6 }, () => [10, 20, 30]).flat())
  const fine = { width: 8, height: 8, data: Uint8Array.from({ length: 192 }, (_, i) => (i % 6 < 3 ? 0 : 200)) }
  for (const value of coverFit(fine, 2, 2).data) expect(Math.abs(value - 100)).toBeLessThan(20)
})

test('the engine shows the imported picture; one that is gone says so and does not keep it from going on', async () => {
  const parts = new FakeParts(clips.ffmpeg, false)
  const seen: PersonSettings[] = []
  const effect: PersonEffect = {
    needsFaces: false,
    wants: (settings) => settings.effects.background.mode !== 'none',
    apply: ({ settings }) => void seen.push(settings),
    reset: () => undefined,
  }
  parts.effects = [effect]
  const format = { width: 320, height: 180, fps: 30 }
  const engine = new MediaEngine({ ffmpegPath: clips.ffmpeg, modelsDir: '', log: () => undefined, format, parts })
  const next = async (): Promise<PersonSettings> => {
    seen.length = 0
    await expect.poll(() => seen.length).toBeGreaterThan(1)
    return seen.at(-1)!
  }
  try {
    await engine.openSource({ kind: 'file', path: clips.testPicture('play.mp4', '320x180', 30, 2, false), loop: true })
    const effects = { ...DEFAULT_EFFECTS, background: { ...DEFAULT_EFFECTS.background, mode: 'picture' as const } }
    await engine.setEffects(effects, picture('wall.png', '64x40'))
    expect((await next()).backgroundPicture).toMatchObject({ width: 64, height: 40 })
    await expect(engine.setEffects(effects, clips.path('gone.png'))).rejects.toMatchObject({ code: 'file-missing' })
    const after = await next()
    expect([after.effects.background.mode, after.backgroundPicture]).toEqual(['picture', undefined])
  } finally {
    await engine.close()
  }
})
