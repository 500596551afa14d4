import { multiply, square } from './product'

/**
 * Numbers modulo p = 2^255 - 19 as ten signed limbs of 26 and 25 bits in turn, i32, in 48 bytes (Bernstein, "Curve25519: new
 * Diffie-Hellman speed records", 2006; the bounds are those of the reference implementation of SUPERCOP, "ref10").
 * Nothing here is secret, so nothing takes care to be constant in time.
 */
export const FIELD: usize = 48

export function copy(to: usize, from: usize): void {
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
  v128.store(to, v128.load(from, 32), 32)
}

/** A small number. */
export function small(to: usize, value: i32): void {
  memory.fill(to, 0, FIELD)
  store<i32>(to, value)
}

/** Sums and differences are not carried: at most one of them before a product. */
export function add(h: usize, f: usize, g: usize): void {
  v128.store(h, i32x4.add(v128.load(f), v128.load(g)))
  v128.store(h, i32x4.add(v128.load(f, 16), v128.load(g, 16)), 16)
  v128.store(h, i32x4.add(v128.load(f, 32), v128.load(g, 32)), 32)
}

export function subtract(h: usize, f: usize, g: usize): void {
  v128.store(h, i32x4.sub(v128.load(f), v128.load(g)))
  v128.store(h, i32x4.sub(v128.load(f, 16), v128.load(g, 16)), 16)
  v128.store(h, i32x4.sub(v128.load(f, 32), v128.load(g, 32)), 32)
}

export function negate(h: usize, f: usize): void {
  v128.store(h, i32x4.neg(v128.load(f)))
  v128.store(h, i32x4.neg(v128.load(f, 16)), 16)
  v128.store(h, i32x4.neg(v128.load(f, 32)), 32)
}

/** 32 bytes, little-endian, the highest bit left out; also those of p and above. */
export function read(h: usize, bytes: usize): void {
  let bit: i32 = 0
  for (let limb: usize = 0; limb < 10; limb++) {
    const width: i32 = (limb & 1) == 0 ? 26 : 25
    let word: u64 = 0
    for (let at: i32 = 0; at < 5; at++) {
      const from = (bit >> 3) + at
      if (from < 32) word |= (<u64>load<u8>(bytes + from)) << (<u64>at * 8)
    }
    store<i32>(h + limb * 4, <i32>((word >> ((<u64>bit) & 7)) & (((<u64>1) << width) - 1)))
    bit += width
  }
}

/** The one spelling of a number, 32 bytes. */
export function write(bytes: usize, f: usize): void {
  // the quotient by p, of a number whose limbs are as products have them
  let q: i64 = (19 * <i64>load<i32>(f, 36) + ((<i64>1) << 24)) >> 25
  for (let limb: usize = 0; limb < 10; limb++) q = (<i64>load<i32>(f + limb * 4) + q) >> ((limb & 1) == 0 ? 26 : 25)
  let carried: i64 = 19 * q
  let held: u64 = 0
  let bits: u64 = 0
  let to = bytes
  for (let limb: usize = 0; limb < 10; limb++) {
    const width: i64 = (limb & 1) == 0 ? 26 : 25
    const value = <i64>load<i32>(f + limb * 4) + carried
    carried = value >> width
    held |= (<u64>(value - (carried << width))) << bits
    bits += <u64>width
    while (bits >= 8) {
      store<u8>(to++, <u8>held)
      held >>= 8
      bits -= 8
    }
  }
  store<u8>(to, <u8>held)
}

export function same(a: usize, b: usize, length: usize = 32): bool {
  return memory.compare(a, b, length) == 0
}

/** f^(2^count). */
export function squares(h: usize, f: usize, count: i32): void {
  square(h, f)
  for (let left = count - 1; left > 0; left--) square(h, h)
}

const room = memory.data(5 * 48, 16)
const T0 = room
const T1 = room + FIELD
const T2 = room + 2 * FIELD
const T3 = room + 3 * FIELD

/** z^(2^250 - 1) to `T1`, z^11 to `T0`. */
function powerUp(z: usize): void {
  square(T0, z) // 2
  squares(T1, T0, 2) // 8
  multiply(T1, z, T1) // 9
  multiply(T0, T0, T1) // 11
  square(T2, T0) // 22
  multiply(T1, T1, T2) // 2^5 - 1
  squares(T2, T1, 5)
  multiply(T1, T2, T1) // 2^10 - 1
  squares(T2, T1, 10)
  multiply(T2, T2, T1) // 2^20 - 1
  squares(T3, T2, 20)
  multiply(T2, T3, T2) // 2^40 - 1
  squares(T2, T2, 10)
  multiply(T1, T2, T1) // 2^50 - 1
  squares(T2, T1, 50)
  multiply(T2, T2, T1) // 2^100 - 1
  squares(T3, T2, 100)
  multiply(T2, T3, T2) // 2^200 - 1
  squares(T2, T2, 50)
  multiply(T1, T2, T1) // 2^250 - 1
}

/** 1 / z = z^(p - 2), p - 2 = 2^255 - 21. */
export function invert(h: usize, z: usize): void {
  powerUp(z)
  squares(T1, T1, 5)
  multiply(h, T1, T0)
}

/** z^((p - 5) / 8) = z^(2^252 - 3). */
export function power58(h: usize, z: usize): void {
  const kept = room + 4 * FIELD
  copy(kept, z)
  powerUp(z)
  squares(T1, T1, 2)
  multiply(h, T1, kept)
}
