import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { extractZip } from './zip.mjs'

/** Writes a zip by hand, with a longer extra field in the local header than in the directory, as real ones have. */
function makeZip(members) {
  const locals = []
  const directory = []
  let offset = 0
  for (const { name, data, method = 8, mode = 0o100644, flags = 0 } of members) {
    const packed = method === 8 ? deflateRawSync(data) : data
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(5, 28)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(data.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE((mode << 16) >>> 0, 38)
    central.writeUInt32LE(offset, 42)
    directory.push(central, Buffer.from(name))
    const whole = Buffer.concat([local, Buffer.from(name), Buffer.alloc(5), packed])
    locals.push(whole)
    offset += whole.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, list, end])
}

let folder
const archive = () => join(folder, 'a.zip')
const into = () => join(folder, 'out')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-zip-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('takes the wanted members, packed and stored, with their mode', async () => {
  const long = Buffer.from('tender light '.repeat(1000))
  writeFileSync(
    archive(),
    makeZip([
      { name: 'a/', data: Buffer.alloc(0), method: 0, mode: 0o040755 },
      { name: 'a/program', data: long, mode: 0o100755 },
      { name: 'a/plain', data: Buffer.from('stored'), method: 0 },
      { name: 'b/other', data: Buffer.from('left out') },
    ]),
  )
  const count = await extractZip(archive(), into(), (name) => (name.startsWith('a/') ? name.slice(2) : undefined))
  expect(count).toBe(2)
  expect(readFileSync(join(into(), 'program'))).toEqual(long)
  expect(statSync(join(into(), 'program')).mode & 0o777).toBe(0o755)
  expect(readFileSync(join(into(), 'plain'), 'utf8')).toBe('stored')
})

test('refuses a member that would land outside the folder', async () => {
  writeFileSync(archive(), makeZip([{ name: '../escaped', data: Buffer.from('x') }]))
  await expect(extractZip(archive(), into(), (name) => name)).rejects.toThrow('outside the folder')
})

test.each([
  ['encrypted', { flags: 1 }],
  ['compression method 12', { method: 12 }],
])('refuses what it cannot read: %s', async (words, more) => {
  writeFileSync(archive(), makeZip([{ name: 'a', data: Buffer.from('x'), ...more }]))
  await expect(extractZip(archive(), into(), (name) => name)).rejects.toThrow(words)
})

test('refuses what is no zip, and one that was cut', async () => {
  writeFileSync(archive(), 'no zip at all')
  await expect(extractZip(archive(), into(), (name) => name)).rejects.toThrow('Not a zip file')
  const whole = makeZip([{ name: 'a', data: Buffer.from('x'.repeat(100)), method: 0 }])
  writeFileSync(archive(), whole.subarray(40)) // the directory now points behind the end
  await expect(extractZip(archive(), into(), (name) => name)).rejects.toThrow()
})
