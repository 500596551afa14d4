/** How an account looks that has no picture: two hues and a 5 x 5 pattern, symmetrical, of its address alone. */
export interface AccountPattern {
  /** Degrees of the colour circle. */
  readonly hues: readonly [from: number, to: number]
  /** Cells that are set, row by row, 25 of them. */
  readonly cells: readonly boolean[]
}

const SIDE = 5
const HALF = 3

/** The same for everybody who sees this account; any text will do. */
export function accountPattern(account: string): AccountPattern {
  let bits = fnv1a(account)
  const from = bits % 360
  bits = fnv1a(`${account}'`)
  const half = Array.from({ length: SIDE * HALF }, (_, at) => ((bits >>> at) & 1) === 1)
  const cells = Array.from({ length: SIDE * SIDE }, (_, at) => {
    const column = at % SIDE
    return half[Math.floor(at / SIDE) * HALF + (column < HALF ? column : SIDE - 1 - column)]!
  })
  return { hues: [from, (from + 40 + ((bits >>> 16) % 60)) % 360], cells }
}

/** Up to two letters of a name: of its first and last word, or the first sign where it is not in letters. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u)
  const first = firstSign(words[0] ?? '')
  if (!/^\p{Script=Latin}|^\p{Script=Cyrillic}|^\p{Script=Greek}/u.test(first)) return first
  const last = words.length > 1 ? firstSign(words.at(-1)!) : ''
  return (first + last).toLocaleUpperCase()
}

const signs = new Intl.Segmenter()

function firstSign(word: string): string {
  return signs.segment(word).containing(0)?.segment ?? ''
}

/** FNV-1a, 32 bits, with a last mixing (murmur3's finalizer) so that neighbours look apart. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
