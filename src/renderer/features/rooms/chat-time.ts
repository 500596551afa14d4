const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

/** `20:15` */
export const clockWords = (ms: number): string => CLOCK.format(ms)
/** `Monday, 23 November` */
export const dayWords = (ms: number): string => DAY.format(ms)
/** Day and time to the second. */
export const momentWords = (ms: number): string => WHOLE.format(ms)

/** `12 s`, `4:05`, `2 h` */
export function waitWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds >= 7_200) return `${Math.ceil(seconds / 3_600)} h`
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
