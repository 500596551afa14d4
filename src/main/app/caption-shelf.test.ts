import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CaptionShelf, withCarried } from './caption-shelf'

const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
const vtt = (text: string): string => `WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`
let folder = ''

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'we-captions-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

it('captions beside a published video come along with it, by language; what is no captions does not', async () => {
  const files = {
    'Talk.en.vtt': vtt('Hello'),
    'Talk.de-AT.srt': Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nGr\xfc\xdfe\n', 'latin1'),
    'Talk.vtt': vtt('Plain'),
    'Talk.bad.vtt': 'nothing of the kind',
    'Talk show.vtt': vtt('Another video'),
    'Talk.txt': vtt('Another kind'),
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const shelf = new CaptionShelf(join(folder, 'profile'))
  expect(await shelf.find(CID)).toEqual([])
  expect(await shelf.takeBeside(CID, join(folder, 'Talk.mp4'))).toBe(3)
  const found = await shelf.find(CID)
  expect(found.map(({ label, language, cues }) => [label, language, cues[0]?.text])).toEqual([
    ['Austrian German', 'de-at', 'Grüße'],
    ['English', 'en', 'Hello'],
    ['Talk', '', 'Plain'],
  ])
  await shelf.remove(CID)
  expect(await shelf.find(CID)).toEqual([])
})

it('captions that came with a link are offered beside own ones, each once, and nothing that is none', () => {
  const cue = (text: string) => ({ startMs: 1000, endMs: 2000, text, top: false })
  const own = [{ label: 'English', language: 'en', cues: [cue('Hello')] }]
  const carried = [
    { lang: 'en', text: vtt('Hello') },
    { lang: 'de', text: vtt('Hallo') },
    { lang: '', text: vtt('Ciao') },
    { lang: 'fr', text: 'no captions' },
    { lang: 'es', text: 'WEBVTT\n' },
  ]
  const all = withCarried(own, carried)
  expect(all.map(({ label, language, cues }) => [label, language, cues[0]?.text])).toEqual([
    ['English', 'en', 'Hello'],
    ['German', 'de', 'Hallo'],
    ['Captions', '', 'Ciao'],
  ])
})

it('a file that the person chooses is kept for this video, and refused in words when it is none', async () => {
  const shelf = new CaptionShelf(join(folder, 'profile'))
  const path = join(folder, 'mine.vtt')
  await writeFile(path, vtt('Mine'))
  expect((await shelf.take(CID, path)).cues).toHaveLength(1)
  expect((await shelf.take(null, path)).label).toBe('mine')
  await writeFile(path, Buffer.alloc(200_000, 7))
  await expect(shelf.take(CID, path)).rejects.toMatchObject({ code: 'not-captions' })
  await expect(shelf.take(CID, join(folder, 'gone.vtt'))).rejects.toMatchObject({ code: 'not-captions' })
  expect((await shelf.find(CID)).map(({ cues }) => cues[0]?.text)).toEqual(['Mine'])
})
