import { MIN_PASSPHRASE } from './account'

export interface PassphraseStrength {
  level: 'none' | 'short' | 'weak' | 'fair' | 'strong'
  hint: string
}

const COMMON = /^(pass(word|phrase)?|qwert[yz]u?|letmein|welcome|abc|iloveyou|admin|secret)?[\d!?.]*$/i

/**
 * A hint, no verdict: bits are guessed as log2(alphabet) for each character that is no repetition and no step of a row
 * ("aaa", "1234"). 45 bits cost about 10^6 core-years of scrypt at N = 131072.
 */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const chars = Array.from(passphrase)
  if (chars.length === 0) return { level: 'none', hint: '' }
  if (chars.length < MIN_PASSPHRASE) {
    return { level: 'short', hint: `At least ${MIN_PASSPHRASE} characters; a few words are easiest to keep.` }
  }
  const bits = guessedBits(chars)
  if (COMMON.test(passphrase) || bits < 30)
    return { level: 'weak', hint: 'Easy to guess. Add words that belong to you.' }
  if (bits < 45) return { level: 'fair', hint: 'Good enough for small sums. One more word makes it strong.' }
  return { level: 'strong', hint: 'Strong. Nobody can reset it, so keep it in mind or in a safe place.' }
}

function guessedBits(chars: readonly string[]): number {
  const text = chars.join('')
  const alphabet =
    (/[a-z]/.test(text) ? 26 : 0) +
    (/[A-Z]/.test(text) ? 26 : 0) +
    (/\d/.test(text) ? 10 : 0) +
    (/[^a-zA-Z\d]/.test(text) ? 20 : 0)
  let counted = 0
  for (const [at, char] of chars.entries()) {
    const step = at === 0 ? NaN : char.codePointAt(0)! - chars[at - 1]!.codePointAt(0)!
    counted += Math.abs(step) <= 1 ? 0.2 : 1
  }
  // Letters of a language carry about half of what random ones do.
  return counted * Math.log2(alphabet) * (/^[\p{L} ]+$/u.test(text) ? 0.5 : 0.75)
}
