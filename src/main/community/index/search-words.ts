/**
 * Words for the full text, made the same way for texts and for questions. `Intl.Segmenter` finds words in Chinese,
 * Japanese and Thai, which put no blanks between them. It may cut a text and a question differently ("北京大学" in the one,
 * "北京" in the other), so of Chinese and Japanese all pairs of neighbours are kept too: every question of two or more
 * characters then finds every text that holds it.
 */
const SEGMENTER = new Intl.Segmenter('zh', { granularity: 'word' })
const UNSPACED_RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu
const UNSPACED_WORD = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+$/u
const NO_LETTER = /[^\p{L}\p{N}\p{M}]+/u
const LONGEST_WORD = 40
/** Of a very long text the first this many words are found. */
const MAX_WORDS = 1_500

/** One spelling of many: width, case and accents are gone (NFKD without U+0300-036F, lower case, NFKC). */
export function foldText(text: string): string {
  return text
    .slice(0, 6_000)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFKC')
}

/** The words of a folded text, in order, each once, with blanks between them. */
export function textWords(folded: string): string {
  const words = new Set(wordsOf(folded))
  for (const [run] of folded.matchAll(UNSPACED_RUN)) {
    const points = Array.from(run)
    for (let i = 1; i < points.length; i++) words.add(points[i - 1]! + points[i]!)
    words.add(points.at(-1)!)
  }
  return [...words].slice(0, MAX_WORDS).join(' ')
}

export interface AskedWord {
  readonly word: string
  /** Words that begin so are meant too. */
  readonly begins: boolean
}

/**
 * What a question asks for; empty when it has no letter or digit in it.
 * @param typing the last word may be unfinished
 */
export function askedWords(question: string, typing: boolean): AskedWord[] {
  const folded = foldText(question.slice(0, 200))
  const words = wordsOf(folded).flatMap((word): AskedWord[] => {
    if (!UNSPACED_WORD.test(word)) return [{ word, begins: false }]
    const points = Array.from(word)
    if (points.length === 1) return [{ word, begins: true }]
    return points.slice(1).map((point, i) => ({ word: points[i]! + point, begins: false }))
  })
  const last = words.at(-1)
  if (last !== undefined && typing && /[\p{L}\p{N}\p{M}]$/u.test(folded)) words.splice(-1, 1, { ...last, begins: true })
  const once = new Map(words.map((asked) => [asked.word, asked]))
  return [...once.values()].slice(0, 10)
}

/**
 * The question in the language of FTS5. Words hold letters, digits and marks only (`wordsOf`) and are quoted, so nothing that
 * a person types is ever an operator.
 */
export function fullTextQuery(words: readonly AskedWord[], joined: 'AND' | 'OR'): string {
  return words.map(({ word, begins }) => `"${word}"${begins ? '*' : ''}`).join(` ${joined} `)
}

function wordsOf(folded: string): string[] {
  const words: string[] = []
  for (const { segment, isWordLike } of SEGMENTER.segment(folded)) {
    if (isWordLike !== true) continue
    for (const part of segment.split(NO_LETTER)) if (part !== '') words.push(part.slice(0, LONGEST_WORD))
  }
  return words
}
