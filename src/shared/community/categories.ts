import { CATEGORIES } from '../live/broadcast-details'

/** What channels and videos are about, as entries say it. */
export const CATEGORY_WORDS: readonly string[] = CATEGORIES.map((name) => name.toLowerCase())

/** As people read it; a word of somebody else's app is shown as it is. */
export function categoryName(word: string): string {
  return CATEGORIES.find((name) => name.toLowerCase() === word) ?? word
}
