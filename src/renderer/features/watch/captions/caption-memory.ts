import { z } from 'zod'

const KEY = 'we.player.captions'
const Remembered = z.object({ shown: z.boolean(), language: z.string().max(35) })
/** Whether captions were shown last, and in which language (BCP 47; empty: not known). */
export type CaptionChoice = z.output<typeof Remembered>

/** The choice of last time; none where there is none, or where it cannot be read. */
export function loadCaptionChoice(): CaptionChoice {
  try {
    return Remembered.parse(JSON.parse(localStorage.getItem(KEY) ?? ''))
  } catch {
    return { shown: false, language: '' }
  }
}

export function saveCaptionChoice(choice: CaptionChoice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice))
  } catch {
    // Nothing is lost but the memory.
  }
}

/** The one of the same language, of the same language elsewhere (de for de-AT), or the first. */
export function preferred<T extends { language: string }>(all: readonly T[], language: string): T | undefined {
  const family = (tag: string): string => tag.split('-')[0] ?? ''
  return (
    all.find((one) => one.language === language) ??
    all.find((one) => language !== '' && family(one.language) === family(language)) ??
    all[0]
  )
}
