import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SavedFiles } from './saved-files'

let folder = ''
let shown: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-saved-'))
  shown = []
})
afterEach(() => rmSync(folder, { recursive: true }))

it('shows what it has saved, and nothing else', () => {
  const files = new SavedFiles(
    () => folder,
    (path) => shown.push(path),
  )
  const [mine, other] = [join(folder, 'mine.mp4'), join(folder, 'other.mp4')]
  for (const path of [mine, other]) writeFileSync(path, '')
  files.add(mine)
  files.showInFolder(mine)
  for (const path of [other, '/etc/passwd', folder, `${folder}/./mine.mp4`, '']) {
    expect(() => files.showInFolder(path)).toThrow(expect.objectContaining({ code: 'not-ours' }))
  }
  expect(shown).toEqual([mine])
  rmSync(mine)
  expect(() => files.showInFolder(mine)).toThrow(expect.objectContaining({ code: 'file-missing' }))
  expect(shown).toEqual([mine])
})

it('asks for the folder each time, and names files after the show', () => {
  const files = new SavedFiles(
    () => folder,
    () => undefined,
  )
  const first = files.target('Evening: talk')
  expect(first.folder).toBe(folder)
  expect(first.name).toMatch(/^Evening talk \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d$/)
  folder = join(folder, 'sub')
  expect(files.target('T', 'replay').folder).toBe(folder)
  expect(files.target('T', 'replay').name).toMatch(/^T replay /)
  folder = join(folder, '..')
})
