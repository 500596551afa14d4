/**
 * Text as it looks rather than as it is spelt, so that a block word is found under disguise. After the idea of UTS #39
 * (skeletons of confusables); the table holds only the letters and digits that are in fact used to write around filters.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  // Cyrillic and Greek that look like Latin
  ...{ а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', ё: 'e', һ: 'h', і: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', н: 'h', о: 'o' },
  ...{ р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't', у: 'y', ѵ: 'v', ԝ: 'w', х: 'x' },
  ...{ α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ω: 'w' },
  // digits and signs for letters
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '@': 'a', $: 's', '!': 'i', '|': 'i' },
  ...{ ı: 'i', ł: 'l', ø: 'o', đ: 'd', ß: 'ss' },
}
const UNSEEN = /[\p{M}\p{Cf}]|\u115f|\u1160|\u3164|\uffa0/gu
/** Below all `LOOK_ALIKES` that are signs count as letters, or `$h1t` would fall apart. */
const TOKEN = /[\p{L}\p{N}@$!|]+/gu
/** Scripts that put no blanks between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u
/** At most this many single letters in a row are read as one word. */
const MAX_SPELT = 64

export interface Skeleton {
  /** Words as they look; letters spelt one by one (`b a d`, `b.a.d`) count as a word too. */
  readonly words: readonly string[]
  /** Everything without blanks and signs, for scripts without blanks. */
  readonly run: string
}

/** @param text at most 10,000 characters are looked at */
export function textSkeleton(text: string): Skeleton {
  const plain = text.slice(0, 10_000).normalize('NFKD').toLowerCase().replace(UNSEEN, '')
  const words: string[] = []
  let spelt = ''
  const endSpelt = (): void => {
    if (spelt.length > 1) words.push(squeezed(spelt))
    spelt = ''
  }
  for (const [token] of plain.matchAll(TOKEN)) {
    // `!` ends a sentence more often than it is an i
    const letters = token.replace(/!+$/, '')
    if (letters === '') continue
    const points = Array.from(letters)
    const word = points.map((letter) => LOOK_ALIKES[letter] ?? letter).join('')
    words.push(squeezed(word))
    if (points.length === 1 && spelt.length < MAX_SPELT) spelt += word
    else endSpelt()
  }
  endSpelt()
  return { words, run: words.length === 0 ? '' : plain.replace(/[^\p{L}\p{N}]/gu, '') }
}

export function isUnspaced(text: string): boolean {
  return UNSPACED.test(text)
}

/** `baaaad` is `bad`; double letters stay, or `good` would be `god`. */
function squeezed(word: string): string {
  return word.replace(/(.)\1{2,}/gu, '$1')
}
