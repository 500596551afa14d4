import { expect, it } from 'vitest'
import { showFileName } from './show-file-name'

const AT = new Date(2026, 10, 2, 7, 5, 9)
const END = ' 2026-11-02 07.05.09'

it.each([
  ['Evening talk', 'Evening talk'],
  ['  a\tb\n c  ', 'a b c'],
  ['../../etc/passwd', 'etc passwd'],
  ['..', 'Live'],
  ['.hidden', 'hidden'],
  ['   ', 'Live'],
  ['C:\\nul|<x>?*"', 'C nul x'],
  ['The end...', 'The end'],
  ['a\u0000b\u202Ecod.exe', 'a b cod.exe'],
  ['half \ud83d of a pair', 'half of a pair'],
  ['晚上好 🌙', '晚上好 🌙'],
])('%j becomes %j', (title, name) => expect(showFileName(title, AT)).toBe(name + END))

it('marks a replay', () => expect(showFileName('Talk', AT, 'replay')).toBe(`Talk replay${END}`))

it('fits into 255 bytes with a number behind it, and cuts no character in two', () => {
  for (const character of ['x', 'é', '晚', '🌙']) {
    const name = showFileName(character.repeat(120), AT, 'replay')
    expect(Buffer.byteLength(`${name} (9999).mp4`)).toBeLessThanOrEqual(255)
    expect(name).toMatch(new RegExp(`^(${character})+ replay${END}$`, 'u'))
  }
})
