import { expect, test } from 'vitest'
import { passphraseStrength } from './passphrase-strength'

test.each([
  ['', 'none'],
  ['abc', 'short'],
  ['password1', 'weak'],
  ['12345678', 'weak'],
  ['aaaaaaaaaaaaaaaa', 'weak'],
  ['gardenplum', 'weak'],
  ['garden plum ju', 'fair'],
  ['ripe plums in the garden', 'strong'],
  ['kT9#vQ2m!xLp', 'strong'],
] as const)('%j is %s', (passphrase, level) => expect(passphraseStrength(passphrase).level).toBe(level))
