const COUNT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const AGE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** `1 follower`, `1.2K followers` */
export function countWords(count: number, one: string): string {
  return `${COUNT.format(count)} ${one}${count === 1 ? '' : 's'}`
}

/** `3 days ago`; what is to come, by a clock that goes ahead, counts as now. */
export function ageWords(t: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - t) / 1000))
  const found = UNITS.find(([, length]) => seconds >= length)
  return found === undefined ? 'just now' : AGE.format(-Math.floor(seconds / found[1]), found[0])
}

/** `1:02:03`, `0:07` */
export function lengthWords(ms: number): string {
  const all = Math.round(ms / 1000)
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const tail = `${h > 0 ? String(m).padStart(2, '0') : m}:${String(s).padStart(2, '0')}`
  return h > 0 ? `${h}:${tail}` : tail
}

const NAMES = new Intl.DisplayNames(['en'], { type: 'language' })
/** Offered for videos; native names help whoever does not read English. */
export const LANGUAGES = 'en zh es hi ar pt fr de ja ko ru id vi th tr it'.split(' ')

export function languageName(tag: string): string {
  const own = new Intl.DisplayNames([tag], { type: 'language' }).of(tag)
  const name = NAMES.of(tag) ?? tag
  return own === undefined || own === name ? name : `${name} · ${own}`
}

const LICENCE_NAMES: Readonly<Record<string, string>> = {
  'All rights reserved': 'All rights reserved',
  'CC-BY-4.0': 'CC BY: share and change, name the author',
  'CC-BY-SA-4.0': 'CC BY-SA: and pass on under the same licence',
  'CC-BY-NC-4.0': 'CC BY-NC: not for business',
  'CC-BY-NC-SA-4.0': 'CC BY-NC-SA: not for business, same licence',
  'CC-BY-ND-4.0': 'CC BY-ND: share, do not change',
  'CC-BY-NC-ND-4.0': 'CC BY-NC-ND: share only, not for business',
  'CC0-1.0': 'CC0: no rights reserved',
}

export function licenceName(licence: string): string {
  return LICENCE_NAMES[licence] ?? licence
}
