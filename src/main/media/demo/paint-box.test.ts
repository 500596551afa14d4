import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { PaintBox } from './paint-box'

const folder = mkdtempSync(join(tmpdir(), 'we-paint-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('what was painted is there at the next start; other code, other sizes and broken files are painted anew', async () => {
  let strokes = 0
  const paint = (box: PaintBox): { luma: Uint8Array } =>
    box.paint('skin', () => ({ luma: Uint8Array.from([1, 2, ++strokes]) }))
  const first = new PaintBox(folder, 'code 1, 720')
  expect(paint(first).luma).toEqual(Uint8Array.from([1, 2, 1]))
  await first.keep()
  expect(paint(new PaintBox(folder, 'code 1, 720')).luma).toEqual(Uint8Array.from([1, 2, 1]))
  expect(paint(new PaintBox(folder, 'code 2, 720')).luma[2]).toBe(2)
  writeFileSync(join(folder, readdirSync(folder)[0]!), 'rubbish')
  expect(paint(new PaintBox(folder, 'code 1, 720')).luma[2]).toBe(3)
})
