import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { execFileSync } from 'node:child_process'
import { expect, expectMovingPreview, test } from './studio-app'

test('scenes and mixer answer the window: a second scene, a fade, meters, and a source that is gone', async ({
  launch,
}, info) => {
  const { page } = await launch('creator')
  await expectMovingPreview(page)
  const clip = info.outputPath('clip.mkv')
  const source = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=30:d=4', '-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=4']
  execFileSync(ffmpeg.path, ['-v', 'error', '-nostdin', ...source, '-c:v', 'libx264', '-c:a', 'pcm_s16le', clip])

  const first = await page.evaluate(() => window.studio.scenes.get())
  expect(first).toMatchObject({ currentId: 'main', scenes: [{ name: 'Main', items: [{ source: { kind: 'demo' } }] }] })

  await page.evaluate(() => {
    const seen = ((window as unknown as { seen: unknown[] }).seen = [] as unknown[])
    window.studio.scenes.levels((levels) => seen.push(levels))
  })
  const [item] = first.scenes[0]!.items
  const file = { ...item!, id: 'clip', source: { kind: 'file' as const, path: clip, loop: true }, beautify: false }
  const corner = { ...item!, place: { x: 0.7, y: 0.7, width: 0.25, height: 0.25 } }
  const scenes = [...first.scenes, { id: 'second', name: 'Clip', items: [file, corner] }]
  await page.evaluate((all) => window.studio.scenes.set(all), {
    ...{ ...first, scenes, transition: { kind: 'fade' as const, ms: 200 } },
  })
  await page.evaluate(() => window.studio.scenes.select('second'))
  await expect
    .poll(() => page.evaluate(() => window.studio.scenes.getState()))
    .toMatchObject({
      ...{ shownId: 'second', nextId: null },
      items: [
        { itemId: 'clip', state: 'open', info: { label: 'clip.mkv' } },
        { itemId: 'first', state: 'open', info: { label: 'Demo presenter' } },
      ],
    })
  await expectMovingPreview(page)
  expect(await page.evaluate(() => window.studio.source.getState())).toMatchObject({ state: 'open', spec: file.source })
  const seen = () => page.evaluate(() => (window as unknown as { seen: { items: { itemId: string }[] }[] }).seen)
  await expect.poll(async () => (await seen()).length).toBeGreaterThan(5)
  const heard = async (): Promise<string[]> => (await seen()).at(-1)!.items.map(({ itemId }) => itemId)
  await expect.poll(async () => (await heard()).sort()).toEqual(['clip', 'first'])

  const gone = { ...file, source: { ...file.source, path: `${clip}.gone` } }
  await page.evaluate((changed) => window.studio.scenes.setItem({ sceneId: 'second', item: changed }), gone)
  await expect
    .poll(() => page.evaluate(() => window.studio.scenes.getState()))
    .toMatchObject({ items: [{ itemId: 'clip', state: 'failed', code: 'file-missing' }, { state: 'open' }] })
  const refused = await page.evaluate(() => window.studio.scenes.select('nowhere').catch((error: unknown) => error))
  expect(refused).toMatchObject({ code: 'no-scene' })

  // The simple picker changes the rearmost item.
  await page.evaluate((spec) => window.studio.source.open(spec), file.source)
  const after = await page.evaluate(() => window.studio.scenes.get())
  expect(after.scenes[1]!.items.map(({ source: { kind } }) => kind)).toEqual(['file', 'demo'])
  expect((await page.evaluate(() => window.studio.settings.get())).source).toEqual(file.source)
})
