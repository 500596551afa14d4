import { isUnspaced, textSkeleton } from './text-skeleton'

/**
 * Finds words that somebody does not want to read, disguises included. Words with blanks between them match as a whole
 * word (`class` does not hold `ass`), `word*` also longer ones; in scripts without blanks a word matches anywhere.
 */
export class BlockWords {
  readonly #whole = new Map<string, string>()
  readonly #begins: { skeleton: string; word: string }[] = []
  readonly #phrases: { skeleton: string; word: string }[] = []
  readonly #within: { run: string; word: string }[] = []

  constructor(words: readonly string[]) {
    for (const word of words) this.#add(word)
  }

  get isEmpty(): boolean {
    return this.#whole.size + this.#begins.length + this.#phrases.length + this.#within.length === 0
  }

  /** The block word that the text has, as the person wrote it; null when it has none. */
  find(text: string): string | null {
    if (this.isEmpty) return null
    const { words, run } = textSkeleton(text)
    for (const word of words) {
      const found = this.#whole.get(word) ?? this.#begins.find(({ skeleton }) => word.startsWith(skeleton))?.word
      if (found !== undefined) return found
    }
    const within = this.#within.find((one) => run.includes(one.run))
    if (within !== undefined) return within.word
    if (this.#phrases.length === 0) return null
    const joined = ` ${words.join(' ')} `
    return this.#phrases.find(({ skeleton }) => joined.includes(` ${skeleton} `))?.word ?? null
  }

  #add(word: string): void {
    const open = word.trimEnd().endsWith('*')
    const { words, run } = textSkeleton(word)
    const [first] = words
    if (first === undefined) return
    if (isUnspaced(word)) this.#within.push({ run, word })
    else if (words.length > 1) this.#phrases.push({ skeleton: words.join(' '), word })
    else if (open) this.#begins.push({ skeleton: first, word })
    else this.#whole.set(first, word)
  }
}
