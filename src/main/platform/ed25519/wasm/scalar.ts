/** Numbers modulo the order L = 2^252 + 27742317777372353535851937790883648493 of the group: 32 bytes, little-endian. */

const L = memory.data<u8>([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0x10,
])
/** 2^252 - L in digits of 21 bits: what a digit twelve places up is worth (ref10, sc_reduce). */
const FOLD = memory.data<i64>([666643, 470296, 654183, -997805, 136657, -683901])
const BITS: i64 = 21
const s = memory.data(24 * 8, 16)

export function orderBit(at: i32): bool {
  return ((load<u8>(L + (at >> 3)) >> (<u8>(at & 7))) & 1) != 0
}

/** Whether 32 bytes are a number below L. */
export function isBelowOrder(bytes: usize): bool {
  for (let at: i32 = 31; at >= 0; at--) {
    const a = load<u8>(bytes + at)
    const b = load<u8>(L + at)
    if (a != b) return a < b
  }
  return false
}

function fold(at: i32): void {
  const value = load<i64>(s + (at << 3))
  const to = s + ((at - 12) << 3)
  for (let k: usize = 0; k < 48; k += 8) store<i64>(to + k, load<i64>(to + k) + value * load<i64>(FOLD + k))
  store<i64>(s + (at << 3), 0)
}

/** What a digit has beyond 21 bits goes to the next one; rounded, so that digits get signed and small, or cut. */
function carry(at: i32, half: i64): void {
  const from = s + (at << 3)
  const over = (load<i64>(from) + half) >> BITS
  store<i64>(from + 8, load<i64>(from + 8) + over)
  store<i64>(from, load<i64>(from) - (over << BITS))
}

/** 64 bytes modulo L. */
export function reduce(to: usize, wide: usize): void {
  const half: i64 = 1 << 20
  for (let at: i32 = 0; at < 24; at++) {
    const bit = at * 21
    const from = min(bit >> 3, 56)
    const word = load<u64>(wide + from) >> (bit - (from << 3)) // the last one takes all that is left
    store<i64>(s + (at << 3), at < 23 ? <i64>(word & 0x1fffff) : <i64>word)
  }
  for (let at: i32 = 23; at >= 18; at--) fold(at)
  for (let at: i32 = 6; at <= 16; at += 2) carry(at, half)
  for (let at: i32 = 7; at <= 15; at += 2) carry(at, half)
  for (let at: i32 = 17; at >= 12; at--) fold(at)
  for (let at: i32 = 0; at <= 10; at += 2) carry(at, half)
  for (let at: i32 = 1; at <= 11; at += 2) carry(at, half)
  fold(12)
  for (let at: i32 = 0; at <= 11; at++) carry(at, 0)
  fold(12)
  for (let at: i32 = 0; at <= 10; at++) carry(at, 0)
  let held: u64 = 0
  let bits: i32 = 0
  for (let at: i32 = 0; at < 12; at++) {
    held |= load<u64>(s + (at << 3)) << bits
    bits += 21
    while (bits >= 8) {
      store<u8>(to++, <u8>held)
      held >>= 8
      bits -= 8
    }
  }
  store<u8>(to, <u8>held)
}

/** (k + offset) / 2 modulo L, for k below L; not the smallest number that it may be, but below 2^254. */
export function halfOfSum(to: usize, k: usize, offset: usize): void {
  // L is odd: with it the sum gets even
  const more: u64 = ((load<u8>(k) ^ load<u8>(offset)) & 1) != 0 ? 1 : 0
  let carried: u64 = 0
  let before: u32 = 0
  for (let at: usize = 0; at < 32; at += 4) {
    carried += <u64>load<u32>(k + at) + <u64>load<u32>(offset + at) + more * <u64>load<u32>(L + at)
    const word = <u32>carried
    if (at > 0) store<u32>(to + at - 4, (before >> 1) | (word << 31))
    before = word
    carried >>= 32
  }
  store<u32>(to + 28, before >> 1)
}
