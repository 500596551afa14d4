import '../src/main/platform/runtime-floor'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BEAUTY_PRESETS } from '@shared/media/beauty-presets'
import { BEAUTY_CONTROLS, PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { DemoPresenter } from '../src/main/media/demo/demo-presenter'
import type { CanonicalFace } from '../src/main/media/demo/head-mesh'
import { createFaceWork, type FaceWork } from '../src/main/media/engine-parts'
import { findFaces } from '../src/main/media/face/detect-still'
import { ffmpegPath } from '../src/main/media/ffmpeg-path'
import { i420Size, type I420Frame, type RgbImage } from '../src/main/media/i420'
import { effortFor } from '../src/main/media/overload'
import { rgbToI420, writeChanged } from '../src/main/media/rgb-i420'
import { decodeStill, encodeStill } from '../src/main/media/still-image'

/**
 * One PNG to judge the retouch by: a row for each picture, cut to its face; columns before, each preset, and every
 * control of skin and make-up at its most. Pictures are those in the folder; without any, the demo presenter in eight
 * poses. The file is `contact-sheet.png` in the folder.
 */
const { positionals } = parseArgs({ allowPositionals: true })
const [folder, ...more] = positionals
if (folder === undefined || more.length > 0) {
  console.error('Usage: npm run contact-sheet -- DIR')
  process.exit(2)
}
const context = { ffmpegPath: ffmpegPath(), signal: new AbortController().signal }
const modelsDir = join(process.cwd(), 'resources/models')
const SHEET = 'contact-sheet.png'
/** One picture of the sheet, pixels. */
const CELL = { width: 420, height: 500 }
const GAP = 8
/** The crop is so many face heights high. */
const FACES_HIGH = 1.9

const most = (groups: readonly string[]): BeautySettings => ({
  ...PLAIN_BEAUTY,
  ...Object.fromEntries(BEAUTY_CONTROLS.filter(({ group }) => groups.includes(group)).map(({ id }) => [id, 1])),
  tone: 0,
})
const COLUMNS: { name: string; beauty: BeautySettings }[] = [
  ...BEAUTY_PRESETS.map(({ id, beauty }) => ({ name: id, beauty })),
  { name: 'all skin at 1', beauty: { ...most(['skin']), teeth: 1, eyeBright: 1 } },
  { name: 'all make-up at 1', beauty: most(['makeup']) },
]

async function pictures(): Promise<{ name: string; image: RgbImage }[]> {
  mkdirSync(folder!, { recursive: true })
  const names = readdirSync(folder!).filter((name) => /\.(png|jpe?g|webp|bmp)$/i.test(name) && name !== SHEET)
  if (names.length > 0) {
    return Promise.all(
      names.sort().map(async (name) => ({ name, image: await decodeStill(join(folder!, name), context) })),
    )
  }
  const mesh = JSON.parse(readFileSync(join(modelsDir, 'canonical-face.json'), 'utf8')) as CanonicalFace
  const presenter = new DemoPresenter({ width: 1280, height: 720, fps: 30, mesh })
  return Array.from({ length: 8 }, (_, pose) => {
    const frame: I420Frame = { width: 1280, height: 720, data: new Uint8Array(i420Size(1280, 720)) }
    presenter.draw(pose * 45, 0, frame)
    return { name: `demo presenter, frame ${pose * 45}`, image: toRgb(frame) }
  })
}

/** BT.601, limited range. */
function toRgb(frame: I420Frame): RgbImage {
  const { width, height } = frame
  const image = { width, height, data: new Uint8Array(width * height * 3) }
  const black = { width, height, data: new Uint8Array(frame.data.length).fill(128, width * height) }
  black.data.fill(16, 0, width * height)
  writeChanged(image, black, frame)
  return image
}

/** The picture with these settings on all its faces. */
async function retouched(work: FaceWork, image: RgbImage, beauty: BeautySettings): Promise<RgbImage> {
  const person = work.createPerson({
    track: () => findFaces(work.models, image, context),
    last: [],
    reset: () => undefined,
  })
  person.settings = { beauty, effects: DEFAULT_EFFECTS }
  const before = rgbToI420(image)
  const after = { ...before, data: before.data.slice() }
  await person.apply(after, effortFor(0), 0)
  const result = { ...image, data: image.data.slice() }
  writeChanged(result, before, after)
  return result
}

/** The part of a picture around its first face, as large as a cell allows; bilinear. */
function cutOut(image: RgbImage, box: readonly number[], sheet: RgbImage, left: number, top: number): void {
  const [x, y, width, height] = box as [number, number, number, number]
  const scale = (FACES_HIGH * height) / CELL.height
  const fromX = x + width / 2 - (scale * CELL.width) / 2
  const fromY = y + height / 2 - scale * CELL.height * 0.54
  for (let row = 0; row < CELL.height; row++) {
    for (let column = 0; column < CELL.width; column++) {
      const at = ((top + row) * sheet.width + left + column) * 3
      for (let part = 0; part < 3; part++) {
        sheet.data[at + part] = sample(image, fromX + column * scale, fromY + row * scale, part)
      }
    }
  }
}

function sample({ width, height, data }: RgbImage, x: number, y: number, part: number): number {
  if (x < 0 || y < 0 || x > width - 1 || y > height - 1) return 24
  const [left, top] = [Math.min(Math.floor(x), width - 2), Math.min(Math.floor(y), height - 2)]
  const at = (row: number, column: number): number => data[((top + row) * width + left + column) * 3 + part]!
  const [fx, fy] = [x - left, y - top]
  return (at(0, 0) * (1 - fx) + at(0, 1) * fx) * (1 - fy) + (at(1, 0) * (1 - fx) + at(1, 1) * fx) * fy
}

const work = await createFaceWork(modelsDir)
const rows: { name: string; cells: RgbImage[]; box: readonly number[] }[] = []
for (const { name, image } of await pictures()) {
  const [face] = await findFaces(work.models, image, context)
  if (!face) {
    console.log(`${name}: no face, left out`)
    continue
  }
  const cells = [image]
  for (const { beauty } of COLUMNS) cells.push(await retouched(work, image, beauty))
  rows.push({ name, cells, box: face.box })
}
await work.close()
if (rows.length === 0) {
  console.error('There is no picture with a face in this folder.')
  process.exit(1)
}
const width = (CELL.width + GAP) * (COLUMNS.length + 1) + GAP
const height = (CELL.height + GAP) * rows.length + GAP
const sheet: RgbImage = { width, height, data: new Uint8Array(width * height * 3).fill(24) }
for (const [row, { cells, box }] of rows.entries()) {
  for (const [column, cell] of cells.entries()) {
    cutOut(cell, box, sheet, GAP + column * (CELL.width + GAP), GAP + row * (CELL.height + GAP))
  }
}
const path = resolve(folder, SHEET)
await encodeStill(path, sheet, context)
console.log(`Columns: before, ${COLUMNS.map(({ name }) => name).join(', ')}.`)
for (const [row, { name }] of rows.entries()) console.log(`Row ${row + 1}: ${name}`)
console.log(path)
