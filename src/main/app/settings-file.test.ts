import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { peerIdOfPublicKey } from '@shared/live/peer-id-key'
import { SettingsFile } from './settings-file'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'we-settings-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('SettingsFile', () => {
  it('keeps what was set, and leaves no file beside it', async () => {
    const path = join(folder, 'settings.json')
    const first = new SettingsFile(path)
    await first.load()
    first.set({ theme: 'light' })
    first.set({ title: 'Evening talk' })
    await first.flush()
    expect(await new SettingsFile(path).load()).toMatchObject({ theme: 'light', title: 'Evening talk' })
    expect(await readdir(folder)).toEqual(['settings.json'])
  })

  it('makes the source of a file from before there were scenes the one scene', async () => {
    const path = join(folder, 'settings.json')
    const source = { kind: 'camera', device: '/dev/video2' }
    await writeFile(path, JSON.stringify({ source }))
    const { scenes } = await new SettingsFile(path).load()
    expect(scenes.scenes).toMatchObject([{ name: 'Main', items: [{ source, visible: true, beautify: true }] }])
    await writeFile(path, JSON.stringify({ source, scenes: { ...scenes, currentId: 'gone' } }))
    expect((await new SettingsFile(path).load()).scenes).toEqual(scenes)
  })

  it('keeps whose lives are kept; a file from before that, or with something else in it, keeps the lives of nobody', async () => {
    const path = join(folder, 'settings.json')
    const nobody = { who: 'nobody', channels: [] }
    await writeFile(path, JSON.stringify({ theme: 'light' }))
    const file = new SettingsFile(path)
    expect(await file.load()).toMatchObject({ theme: 'light', keep: nobody })
    const keep = { who: 'chosen' as const, channels: [{ peerId: peerIdOfPublicKey(new Uint8Array(32)), name: 'Anna' }] }
    file.set({ keep })
    await file.flush()
    expect((await new SettingsFile(path).load()).keep).toEqual(keep)
    await writeFile(
      path,
      JSON.stringify({ theme: 'light', keep: { ...keep, channels: [{ peerId: 'anna', name: '' }] } }),
    )
    expect(await new SettingsFile(path).load()).toMatchObject({ theme: 'light', keep: nobody })
  })

  it('falls back field by field on a broken file', async () => {
    const path = join(folder, 'settings.json')
    await writeFile(path, JSON.stringify({ theme: 'pink', title: 'Kept', beauty: { smooth: 9 } }))
    expect(await new SettingsFile(path).load()).toMatchObject({
      theme: 'system',
      title: 'Kept',
      beauty: { enabled: true },
    })
    await writeFile(path, '{"theme": "da')
    expect(await new SettingsFile(path).load()).toMatchObject({ theme: 'system', title: '' })
    expect(await readFile(path, 'utf8')).toContain('"da') // reading never rewrites
  })
})
