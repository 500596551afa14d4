import { fileURLToPath } from 'node:url'
import { STICKERS } from '@shared/media/effect-settings'
import { beforeAll, expect, test } from 'vitest'
import { ensureModels } from '../../../../scripts/models.mjs'
import { loadCanonicalHead, type CanonicalHead } from '../stickers/canonical-head'
import { effectThumbnails } from './effect-thumbnails'

const modelsDir = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
let head: CanonicalHead
beforeAll(async () => {
  await ensureModels()
  head = await loadCanonicalHead(modelsDir)
})

test('every sticker and background has a picture of its own', async () => {
  const picture = { width: 2, height: 2, data: Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]) }
  const thumbnails = await effectThumbnails(head, picture)
  expect(thumbnails.filter(({ kind }) => kind === 'sticker').map(({ id }) => id)).toEqual(STICKERS.map(({ id }) => id))
  const backgrounds = thumbnails.filter(({ kind }) => kind === 'background').map(({ id }) => id)
  expect(backgrounds).toEqual(['picture', 'studio', 'sunset', 'aurora', 'paper'])
  for (const { width, height, pixels } of thumbnails) expect(pixels).toHaveLength(width * height * 4)
  expect(new Set(thumbnails.map(({ pixels }) => Buffer.from(pixels).toString('base64'))).size).toBe(thumbnails.length)
})

test('without an imported picture there is none of it', async () => {
  const ids = (await effectThumbnails(head, null)).map(({ id }) => id)
  expect(ids).not.toContain('picture')
})
