/** A stretch of a text; `hit`: it is what was searched for. */
export interface Stretch {
  readonly text: string
  readonly hit: boolean
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{3,}/gu

/**
 * Finds the words of a question in a text as the search does, so that a person sees why something was found: case, width
 * and accents do not matter, a word may be the beginning of another, and of Chinese each pair of characters counts.
 */
export function highlight(text: string, question: string): Stretch[] {
  const { folded, from } = foldedWithPlaces(text)
  const marked = new Array<boolean>(text.length).fill(false)
  for (const word of wordsOf(question)) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      const isInside = /[\p{L}\p{N}]/u.test(folded.charAt(at - 1)) && /^[\p{Script=Latin}\p{N}]/u.test(word)
      if (!isInside) marked.fill(true, from[at], from[at + word.length])
    }
  }
  const out: Stretch[] = []
  for (let start = 0; start < text.length;) {
    let end = start + 1
    while (end < text.length && marked[end] === marked[start]) end++
    out.push({ text: text.slice(start, end), hit: marked[start]! })
    start = end
  }
  return out
}

function wordsOf(question: string): string[] {
  const { folded } = foldedWithPlaces(question)
  const words = folded.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '')
  const pairs = words.flatMap((word) => [...word.matchAll(UNSPACED)].flatMap(([run]) => pairsOf(run)))
  return [...new Set([...words, ...pairs])]
}

function pairsOf(run: string): string[] {
  const points = Array.from(run)
  return points.slice(1).map((point, i) => points[i]! + point)
}

/** The text in one spelling; `from[i]` is where its letter `i` stands in the text as it is, with the end at the end. */
function foldedWithPlaces(text: string): { folded: string; from: number[] } {
  let folded = ''
  const from: number[] = []
  let at = 0
  for (const point of text) {
    const plain = point
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
    for (let i = 0; i < plain.length; i++) from.push(at)
    folded += plain
    at += point.length
  }
  from.push(at)
  return { folded, from }
}
