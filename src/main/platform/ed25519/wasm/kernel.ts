/**
 * Ed25519 verification of many signatures by few keys, in AssemblyScript: s B - h A by tables of both points (the note Combs),
 * compared with R. It says yes to what RFC 8032, 5.1.7 without cofactor says yes to, or no; whoever hears no asks another.
 * The host lays out all memory and passes addresses.
 */
import { addColumn, entriesOf, makeComb } from './comb'
import { copy, FIELD, invert, small, write } from './field'
import { double, ENTRY, identity, isNegative, negatePoint, ONE, POINT, readNegated, setConstants } from './point'
import { halfOfSum, isBelowOrder, reduce } from './scalar'
import { multiply } from './product'

const KEY_TEETH = 8
const KEY_BLOCKS = 4
const BASE_TEETH = 11
const BASE_BLOCKS = 3
/** R, S, and SHA-512 of R, the key and the text. */
const ITEM: usize = 128
/** X, Y, Z, and the product of all Z up to here. */
const RESULT: usize = 192

const wide = memory.data(64, 16)
const keyOffset = memory.data(32, 16)
const baseOffset = memory.data(32, 16)
const point = memory.data(192, 16)
const h = memory.data(32, 16)
const keyBits = memory.data(48, 16)
const baseBits = memory.data(48, 16)
const running = memory.data(48, 16)
const inverse = memory.data(48, 16)
const spelled = memory.data(32, 16)

export function keyTableBytes(): i32 {
  return entriesOf(KEY_TEETH, KEY_BLOCKS) * <i32>ENTRY
}

export function baseTableBytes(): i32 {
  return entriesOf(BASE_TEETH, BASE_BLOCKS) * <i32>ENTRY
}

/** Bytes that making a table, or verifying so many, needs beside. */
export function scratchBytes(items: i32): i32 {
  const making = (1 << (BASE_TEETH - 1)) * <i32>(POINT + FIELD)
  return max(making, items * <i32>RESULT)
}

/** 2^bits - 1 modulo L */
function offset(to: usize, bits: i32): void {
  memory.fill(wide, 0, 64)
  memory.fill(wide, 0xff, bits >> 3)
  reduce(to, wide)
}

/** The table of the base point; first of all. */
export function setup(baseTable: usize, scratch: usize): void {
  setConstants()
  offset(keyOffset, KEY_TEETH * KEY_BLOCKS * 8)
  offset(baseOffset, BASE_TEETH * BASE_BLOCKS * 8)
  // y = 4 / 5, x even
  small(running, 5)
  invert(running, running)
  small(inverse, 4)
  multiply(running, running, inverse)
  write(spelled, running)
  readNegated(point, spelled)
  negatePoint(point)
  makeComb(baseTable, point, BASE_TEETH, BASE_BLOCKS, scratch)
}

/** The table of a key, 32 bytes. False: it is no point, has a part of small order, or is in another spelling. */
export function makeTable(keyTable: usize, key: usize, scratch: usize): bool {
  return readNegated(point, key) && makeComb(keyTable, point, KEY_TEETH, KEY_BLOCKS, scratch)
}

/** Verifies items by the key of a table; `verdicts`: a byte for each, 1 when it holds. */
export function verify(
  count: i32,
  items: usize,
  keyTable: usize,
  baseTable: usize,
  verdicts: usize,
  scratch: usize,
): void {
  for (let at: i32 = 0; at < count; at++) {
    const result = scratch + at * RESULT
    const item = items + at * ITEM
    if (isBelowOrder(item + 32)) combine(item, keyTable, baseTable)
    else identity(point)
    memory.copy(result, point, 3 * FIELD)
    multiply(result + 3 * FIELD, point + 2 * FIELD, at > 0 ? result - RESULT + 3 * FIELD : ONE)
  }
  if (count == 0) return
  invert(running, scratch + (count - 1) * RESULT + 3 * FIELD)
  for (let at = count - 1; at >= 0; at--) {
    const result = scratch + at * RESULT
    multiply(inverse, running, at > 0 ? result - RESULT + 3 * FIELD : ONE)
    multiply(running, running, result + 2 * FIELD)
    store<u8>(verdicts + at, isR(items + at * ITEM, result) ? 1 : 0)
  }
}

/** s B - h A to `point` */
function combine(item: usize, keyTable: usize, baseTable: usize): void {
  reduce(h, item + 64)
  halfOfSum(keyBits, h, keyOffset)
  halfOfSum(baseBits, item + 32, baseOffset)
  identity(point)
  for (let at: i32 = 7; at >= 0; at--) {
    if (at < 7) double(point)
    addColumn(point, keyTable, KEY_TEETH, KEY_BLOCKS, keyBits, at)
    addColumn(point, baseTable, BASE_TEETH, BASE_BLOCKS, baseBits, at)
  }
}

/** Whether X, Y, Z with 1/Z in `inverse` are the point of these 32 bytes, and not the neutral one, whose x is 0. */
function isR(bytes: usize, result: usize): bool {
  multiply(result, result, inverse)
  multiply(result + FIELD, result + FIELD, inverse)
  write(spelled, result)
  let isNeutral = true
  for (let at: usize = 0; at < 32; at += 8) if (load<u64>(spelled + at) != 0) isNeutral = false
  if (isNeutral) return false
  const sign: u8 = isNegative(result) ? 0x80 : 0
  write(spelled, result + FIELD)
  store<u8>(spelled + 31, load<u8>(spelled + 31) | sign)
  return memory.compare(spelled, bytes, 32) == 0
}
