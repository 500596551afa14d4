/**
 * Points of edwards25519. Extended: X, Y, Z, T (Hisil et al., "Twisted Edwards Curves Revisited", 2008); completed, between two
 * steps: X/Z, Y/T in the same places; cached, to be added: Y+X, Y-X, Z, 2dT; entry of a table: y+x, y-x, 2dxy. The formulas
 * are complete: they hold for all points.
 */
import { add, copy, FIELD, invert, negate, power58, read, same, small, subtract, write } from './field'
import { multiply, square } from './product'

export const POINT: usize = 4 * FIELD
export const ENTRY: usize = 3 * FIELD
const Y: usize = FIELD
const Z: usize = 2 * FIELD
const T: usize = 3 * FIELD

const room = memory.data(9 * 48, 16)
export const D = room
export const TWO_D = room + FIELD
const ROOT = room + 2 * FIELD
export const ONE = room + 3 * FIELD
const t0 = room + 4 * FIELD
const t1 = room + 5 * FIELD
const t2 = room + 6 * FIELD
const t3 = room + 7 * FIELD
const t4 = room + 8 * FIELD
const c = memory.data(192, 16)
const spelled = memory.data(64, 16)

/** d = -121665 / 121666, and the square root of -1, 2^((p - 1) / 4). */
export function setConstants(): void {
  small(ONE, 1)
  small(t0, 121666)
  invert(t0, t0)
  small(t1, -121665)
  multiply(D, t0, t1)
  add(t1, D, D)
  multiply(TWO_D, t1, ONE)
  // (p - 1) / 4 = 2 (2^252 - 3) + 1
  small(t1, 2)
  power58(t0, t1)
  square(t0, t0)
  multiply(ROOT, t0, t1)
}

export function identity(p: usize): void {
  small(p, 0)
  small(p + Y, 1)
  small(p + Z, 1)
  small(p + T, 0)
}

function isZero(f: usize): bool {
  write(spelled, f)
  for (let at: usize = 0; at < 32; at += 8) if (load<u64>(spelled + at) != 0) return false
  return true
}

export function isIdentity(p: usize): bool {
  subtract(t0, p + Y, p + Z)
  return isZero(p) && isZero(t0)
}

export function isNegative(f: usize): bool {
  write(spelled, f)
  return (load<u8>(spelled) & 1) != 0
}

/**
 * The point of 32 bytes (RFC 8032, 5.1.3), but with -x in place of x. False when there is none, or when they are another
 * spelling of it than its own.
 */
export function readNegated(p: usize, bytes: usize): bool {
  read(p + Y, bytes)
  write(spelled, p + Y)
  store<u8>(spelled + 31, load<u8>(spelled + 31) | (load<u8>(bytes + 31) & 0x80))
  if (!same(spelled, bytes)) return false
  copy(p + Z, ONE)
  square(t0, p + Y)
  multiply(t1, t0, D)
  subtract(t0, t0, ONE) // u = y^2 - 1
  add(t1, t1, ONE) // v = d y^2 + 1
  square(t2, t1)
  multiply(t2, t2, t1) // v^3
  square(t3, t2)
  multiply(t3, t3, t1)
  multiply(t3, t3, t0) // u v^7
  power58(t3, t3)
  multiply(t3, t3, t2)
  multiply(p, t3, t0) // x = u v^3 (u v^7)^((p - 5) / 8)
  square(t3, p)
  multiply(t3, t3, t1) // v x^2
  subtract(t4, t3, t0)
  if (!isZero(t4)) {
    add(t4, t3, t0)
    if (!isZero(t4)) return false
    multiply(p, p, ROOT)
  }
  const wanted = load<u8>(bytes + 31) >> 7 != 0
  if (isZero(p) && wanted) return false
  if (isNegative(p) == wanted) negate(p, p)
  multiply(p + T, p, p + Y)
  return true
}

export function negatePoint(p: usize): void {
  negate(p, p)
  negate(p + T, p + T)
}

/** Extended out of completed. */
function extend(p: usize): void {
  multiply(p, c, c + T)
  multiply(p + Y, c + Y, c + Z)
  multiply(p + Z, c + Z, c + T)
  multiply(p + T, c, c + Y)
}

/** p = 2 p */
export function double(p: usize): void {
  square(c, p)
  square(c + Z, p + Y)
  square(c + T, p + Z, 1)
  add(c + Y, p, p + Y)
  square(t0, c + Y)
  add(c + Y, c + Z, c)
  subtract(c + Z, c + Z, c)
  subtract(c, t0, c + Y)
  subtract(c + T, c + T, c + Z)
  extend(p)
}

export function cache(to: usize, p: usize): void {
  add(to, p + Y, p)
  subtract(to + Y, p + Y, p)
  copy(to + Z, p + Z)
  multiply(to + T, p + T, TWO_D)
}

/** to = p + a cached point */
export function addCached(to: usize, p: usize, cached: usize): void {
  add(c, p + Y, p)
  subtract(c + Y, p + Y, p)
  multiply(c + Z, c, cached)
  multiply(c + Y, c + Y, cached + Y)
  multiply(c + T, cached + T, p + T)
  multiply(c, p + Z, cached + Z)
  add(t0, c, c)
  subtract(c, c + Z, c + Y)
  add(c + Y, c + Z, c + Y)
  add(c + Z, t0, c + T)
  subtract(c + T, t0, c + T)
  extend(to)
}

/** p = p + an entry of a table, or p - it: x and 2dxy change their signs then. */
export function addEntry(p: usize, entry: usize, minus: bool): void {
  add(c, p + Y, p)
  subtract(c + Y, p + Y, p)
  multiply(c + Z, c, entry + (minus ? FIELD : 0))
  multiply(c + Y, c + Y, entry + (minus ? 0 : FIELD))
  multiply(c + T, entry + 2 * FIELD, p + T)
  add(t0, p + Z, p + Z)
  subtract(c, c + Z, c + Y)
  add(c + Y, c + Z, c + Y)
  if (minus) {
    subtract(c + Z, t0, c + T)
    add(c + T, t0, c + T)
  } else {
    add(c + Z, t0, c + T)
    subtract(c + T, t0, c + T)
  }
  extend(p)
}

export function writeEntry(entry: usize, x: usize, y: usize): void {
  add(entry, y, x)
  subtract(entry + FIELD, y, x)
  multiply(t0, x, y)
  multiply(entry + 2 * FIELD, t0, TWO_D)
}
