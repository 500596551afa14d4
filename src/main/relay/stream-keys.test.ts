import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StreamKeys } from './stream-keys'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('stream keys', () => {
  it('open their live after a restart; the file holds no key and is the owner’s alone', async () => {
    const path = join(folder, 'new/keys.json')
    const keys = await StreamKeys.open(path)
    const [anna, ben] = [await keys.make('anna'), await keys.make('ben')]
    const again = await StreamKeys.open(path)
    expect([again.nameOf(anna), again.nameOf(ben), again.nameOf(`${anna}x`), again.nameOf('')]).toEqual([
      'anna',
      'ben',
      null,
      null,
    ])
    expect(readFileSync(path, 'utf8')).not.toContain(anna)
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    await again.make('anna')
    expect(again.nameOf(anna)).toBeNull()
    expect(again.names.toSorted()).toEqual(['anna', 'ben'])
  })

  it('refuse names that cannot be part of an address, and a file that is not theirs', async () => {
    const keys = await StreamKeys.open(null)
    await expect(keys.make('../x')).rejects.toMatchObject({ code: 'bad-stream-name' })
    const path = join(folder, 'keys.json')
    writeFileSync(path, '{"v":2}')
    await expect(StreamKeys.open(path)).rejects.toMatchObject({ code: 'bad-keys' })
    expect(readFileSync(path, 'utf8')).toBe('{"v":2}')
  })
})
