/**
 * [Note: Combs]
 * Multiples of a point that stays the same for many signatures (Hamburg, "Fast and compact elliptic-curve cryptography", 2012,
 * 3.3: signed combs). A number k < L is written as the sum of (2 b_i - 1) 2^i, i < n: b are the bits of (k + 2^n - 1) / 2
 * modulo L. The n bits lie in `blocks` blocks of `teeth` bytes; for each bit p of a byte, the bits p of all bytes of a block
 * choose one entry of its table: the sum over its teeth of plus or minus 2^(8 tooth) P. So 8 x blocks additions and 7 doublings
 * make k P. Of entries that differ in all signs one is kept: the one that has plus at the highest tooth.
 */
import { copy, FIELD, invert } from './field'
import {
  addCached,
  addEntry,
  cache,
  double,
  ENTRY,
  identity,
  isIdentity,
  negatePoint,
  ONE,
  POINT,
  writeEntry,
} from './point'
import { orderBit } from './scalar'
import { multiply } from './product'

const MOST_TEETH = 11
const SPACING = 8

const bases = memory.data(11 * 192, 16)
const doubled = memory.data(11 * 192, 16)
const current = memory.data(192, 16)
const cached = memory.data(192, 16)
const timesOrder = memory.data(192, 16)
const x = memory.data(48, 16)
const y = memory.data(48, 16)
const running = memory.data(48, 16)

/** Entries of all blocks of a comb. */
export function entriesOf(teeth: i32, blocks: i32): i32 {
  return blocks << (teeth - 1)
}

/**
 * Makes the table of a point, which is extended. `scratch`: 240 bytes for each entry of a block. False when the point is not of
 * order L: then numbers modulo L say nothing about its multiples.
 */
export function makeComb(table: usize, point: usize, teeth: i32, blocks: i32, scratch: usize): bool {
  memory.copy(current, point, POINT)
  if (isIdentity(current)) return false
  identity(timesOrder)
  let power: i32 = 0
  for (let block: i32 = 0; block < blocks; block++) {
    for (let tooth: i32 = 0; tooth < teeth; tooth++) {
      memory.copy(bases + tooth * POINT, current, POINT)
      for (let step: i32 = 0; step < SPACING; step++) {
        if (power < 253 && orderBit(power)) {
          cache(cached, current)
          addCached(timesOrder, timesOrder, cached)
        }
        double(current)
        if (step == 0) cache(doubled + tooth * POINT, current)
        power++
      }
    }
    fillBlock(scratch, teeth)
    normalize(table + block * (ENTRY << (teeth - 1)), 1 << (teeth - 1), scratch)
  }
  return isIdentity(timesOrder)
}

/** All sums of a block's teeth with plus at the highest one, extended. */
function fillBlock(to: usize, teeth: i32): void {
  // minus at all others
  identity(to)
  for (let tooth: i32 = 0; tooth < teeth - 1; tooth++) {
    cache(cached, bases + tooth * POINT)
    addCached(to, to, cached)
  }
  negatePoint(to)
  cache(cached, bases + (teeth - 1) * POINT)
  addCached(to, to, cached)
  for (let tooth: i32 = 0; tooth < teeth - 1; tooth++) {
    const half = <usize>(1 << tooth)
    for (let at: usize = 0; at < half; at++) {
      addCached(to + (at + half) * POINT, to + at * POINT, doubled + tooth * POINT)
    }
  }
}

/** Entries out of extended points, with one inversion for all (Montgomery's trick). */
function normalize(table: usize, count: i32, points: usize): void {
  const products = points + count * POINT
  copy(products, points + 2 * FIELD)
  for (let at: i32 = 1; at < count; at++) {
    multiply(products + at * FIELD, products + (at - 1) * FIELD, points + at * POINT + 2 * FIELD)
  }
  invert(running, products + (count - 1) * FIELD)
  for (let at = count - 1; at >= 0; at--) {
    const point = points + at * POINT
    const inverse = cached // any room
    multiply(inverse, running, at > 0 ? products + (at - 1) * FIELD : ONE)
    multiply(running, running, point + 2 * FIELD)
    multiply(x, point, inverse)
    multiply(y, point + FIELD, inverse)
    writeEntry(table + at * ENTRY, x, y)
  }
}

/** p += the entries that bit `at` of all bytes of `bits` choose. */
export function addColumn(p: usize, table: usize, teeth: i32, blocks: i32, bits: usize, at: i32): void {
  const last = teeth - 1
  for (let block: i32 = 0; block < blocks; block++) {
    const bytes = bits + block * teeth
    let index: i32 = 0
    for (let tooth: i32 = 0; tooth < last; tooth++) {
      index |= (((<i32>load<u8>(bytes + tooth)) >> at) & 1) << tooth
    }
    const minus = ((load<u8>(bytes + last) >> (<u8>at)) & 1) == 0
    if (minus) index ^= (1 << last) - 1
    addEntry(p, table + ((block << last) + index) * ENTRY, minus)
  }
}
