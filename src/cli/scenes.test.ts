import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { defaultScenes } from '@shared/media/scene-edit'
import { readScenes } from './scenes'

const folder = mkdtempSync(join(tmpdir(), 'we-scenes-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, value: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

it('one scene needs only its sources; files lie beside it', async () => {
  const place = { x: 0.7, y: 0.7, width: 0.25, height: 0.25 }
  const items = [{ source: { kind: 'demo' } }, { source: { kind: 'file', path: 'clip.mp4', loop: true }, place }]
  const { scenes, currentId } = await readScenes(write('scene.json', { items }))
  expect(scenes.map(({ id }) => id)).toEqual([currentId])
  expect(scenes[0]!.items).toMatchObject([
    { id: 'item1', source: { kind: 'demo' }, visible: true },
    { id: 'item2', source: { path: join(folder, 'clip.mp4') }, place },
  ])
})

it('what the app has written is taken as it is', async () => {
  const scenes = defaultScenes({ kind: 'demo' })
  expect(await readScenes(write('all.json', scenes))).toEqual(scenes)
})

it('what is wrong is said, with the place', async () => {
  const wrong = { items: [{ source: { kind: 'demo' }, place: { x: 99, y: 0, width: 1, height: 1 } }] }
  await expect(readScenes(write('wrong.json', wrong))).rejects.toMatchObject({
    code: 'bad-scene',
    message: expect.stringContaining('scenes.0.items.0.place.x') as string,
  })
  await expect(readScenes(write('text.json', 'hello'))).rejects.toThrow('it is not JSON')
  await expect(readScenes(join(folder, 'none.json'))).rejects.toThrow('there is no such file')
})
