/**
 * Text as it looks rather than as it is spelt, so that a block word is found under disguise. After the idea of UTS #39
 * (skeletons of confusables); the table holds only the letters and digits that are in fact used to write around filters.
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    // Cyrillic and Greek that look like Latin
    ...{
      а: 'a',
      в: 'b',
      с: 'c',
      ԁ: 'd',
      е: 'e',
      ё: 'e',
      һ: 'h',
      і: 'i',
      ј: 'j',
      к: 'k',
      ӏ: 'l',
      м: 'm',
      н: 'h',
      о: 'o',
    },
    ...{ р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't', у: 'y', ѵ: 'v', ԝ: 'w', х: 'x' },
    ...{ α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ω: 'w' },
    // digits and signs for letters
    ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '@': 'a', $: 's', '!': 'i', '|': 'i' },
    ...{ ı: 'i', ł: 'l', ø: 'o', đ: 'd', ß: 'ss' },
  }),
)
const UNSEEN = /[\p{M}\p{Cf}]|\u115f|\u1160|\u3164|\uffa0/gu
const LETTER = /[\p{L}\p{N}]/u
const ASCII = /^[\0-\x7f]*$/
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
  const cut = text.slice(0, 10_000)
  const plain = ASCII.test(cut) ? cut.toLowerCase() : cut.normalize('NFKD').toLowerCase().replace(UNSEEN, '')
  const words: string[] = []
  let [word, letters, marks, spelt, run] = ['', 0, 0, '', '']
  const endSpelt = (): void => {
    if (spelt.length > 1) words.push(squeezed(spelt))
    spelt = ''
  }
  const endWord = (): void => {
    // `!` ends a sentence more often than it is an i
    const whole = marks > 0 ? word.slice(0, -marks) : word
    const count = letters - marks
    ;[word, letters, marks] = ['', 0, 0]
    if (count === 0) return
    words.push(squeezed(whole))
    if (count === 1 && spelt.length < MAX_SPELT) spelt += whole
    else endSpelt()
  }
  for (const sign of plain) {
    const letter = isLetter(sign)
    if (letter) run += sign
    const looks = LOOK_ALIKES.get(sign)
    if (!letter && looks === undefined) {
      endWord()
      continue
    }
    word += looks ?? sign
    letters++
    marks = sign === '!' ? marks + 1 : 0
  }
  endWord()
  endSpelt()
  return { words, run }
}

function isLetter(sign: string): boolean {
  const code = sign.charCodeAt(0)
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)
  return (code >= 0x4e00 && code <= 0x9fff) || LETTER.test(sign)
}

export function isUnspaced(text: string): boolean {
  return UNSPACED.test(text)
}

/** `baaaad` is `bad`; double letters stay, or `good` would be `god`. */
function squeezed(word: string): string {
  return /(.)\1\1/u.test(word) ? word.replace(/(.)\1{2,}/gu, '$1') : word
}
