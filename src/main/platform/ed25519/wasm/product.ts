/**
 * Products of numbers modulo p (`field.ts`), where all the time goes. Written out, so that all limbs stay in registers; a carry
 * is rounded, so that limbs are signed and small. The order of carries and the bounds are those of ref10.
 */

/** h = f g. Limbs of f and g below 1.65 * 2^26 (even) and 1.65 * 2^25 (odd), of h below 1.01 * 2^25 and 2^24. */
export function multiply(h: usize, f: usize, g: usize): void {
  const f0 = <i64>load<i32>(f, 0)
  const f1 = <i64>load<i32>(f, 4)
  const f2 = <i64>load<i32>(f, 8)
  const f3 = <i64>load<i32>(f, 12)
  const f4 = <i64>load<i32>(f, 16)
  const f5 = <i64>load<i32>(f, 20)
  const f6 = <i64>load<i32>(f, 24)
  const f7 = <i64>load<i32>(f, 28)
  const f8 = <i64>load<i32>(f, 32)
  const f9 = <i64>load<i32>(f, 36)
  const g0 = <i64>load<i32>(g, 0)
  const g1 = <i64>load<i32>(g, 4)
  const g2 = <i64>load<i32>(g, 8)
  const g3 = <i64>load<i32>(g, 12)
  const g4 = <i64>load<i32>(g, 16)
  const g5 = <i64>load<i32>(g, 20)
  const g6 = <i64>load<i32>(g, 24)
  const g7 = <i64>load<i32>(g, 28)
  const g8 = <i64>load<i32>(g, 32)
  const g9 = <i64>load<i32>(g, 36)
  const f1d = f1 * 2
  const f3d = f3 * 2
  const f5d = f5 * 2
  const f7d = f7 * 2
  const f9d = f9 * 2
  const g1n = g1 * 19
  const g2n = g2 * 19
  const g3n = g3 * 19
  const g4n = g4 * 19
  const g5n = g5 * 19
  const g6n = g6 * 19
  const g7n = g7 * 19
  const g8n = g8 * 19
  const g9n = g9 * 19
  let h0 =
    f0 * g0 + f1d * g9n + f2 * g8n + f3d * g7n + f4 * g6n + f5d * g5n + f6 * g4n + f7d * g3n + f8 * g2n + f9d * g1n
  let h1 = f0 * g1 + f1 * g0 + f2 * g9n + f3 * g8n + f4 * g7n + f5 * g6n + f6 * g5n + f7 * g4n + f8 * g3n + f9 * g2n
  let h2 = f0 * g2 + f1d * g1 + f2 * g0 + f3d * g9n + f4 * g8n + f5d * g7n + f6 * g6n + f7d * g5n + f8 * g4n + f9d * g3n
  let h3 = f0 * g3 + f1 * g2 + f2 * g1 + f3 * g0 + f4 * g9n + f5 * g8n + f6 * g7n + f7 * g6n + f8 * g5n + f9 * g4n
  let h4 = f0 * g4 + f1d * g3 + f2 * g2 + f3d * g1 + f4 * g0 + f5d * g9n + f6 * g8n + f7d * g7n + f8 * g6n + f9d * g5n
  let h5 = f0 * g5 + f1 * g4 + f2 * g3 + f3 * g2 + f4 * g1 + f5 * g0 + f6 * g9n + f7 * g8n + f8 * g7n + f9 * g6n
  let h6 = f0 * g6 + f1d * g5 + f2 * g4 + f3d * g3 + f4 * g2 + f5d * g1 + f6 * g0 + f7d * g9n + f8 * g8n + f9d * g7n
  let h7 = f0 * g7 + f1 * g6 + f2 * g5 + f3 * g4 + f4 * g3 + f5 * g2 + f6 * g1 + f7 * g0 + f8 * g9n + f9 * g8n
  let h8 = f0 * g8 + f1d * g7 + f2 * g6 + f3d * g5 + f4 * g4 + f5d * g3 + f6 * g2 + f7d * g1 + f8 * g0 + f9d * g9n
  let h9 = f0 * g9 + f1 * g8 + f2 * g7 + f3 * g6 + f4 * g5 + f5 * g4 + f6 * g3 + f7 * g2 + f8 * g1 + f9 * g0
  let c: i64
  c = (h0 + ((<i64>1) << 25)) >> 26
  h0 -= c << 26
  h1 += c
  c = (h4 + ((<i64>1) << 25)) >> 26
  h4 -= c << 26
  h5 += c
  c = (h1 + ((<i64>1) << 24)) >> 25
  h1 -= c << 25
  h2 += c
  c = (h5 + ((<i64>1) << 24)) >> 25
  h5 -= c << 25
  h6 += c
  c = (h2 + ((<i64>1) << 25)) >> 26
  h2 -= c << 26
  h3 += c
  c = (h6 + ((<i64>1) << 25)) >> 26
  h6 -= c << 26
  h7 += c
  c = (h3 + ((<i64>1) << 24)) >> 25
  h3 -= c << 25
  h4 += c
  c = (h7 + ((<i64>1) << 24)) >> 25
  h7 -= c << 25
  h8 += c
  c = (h4 + ((<i64>1) << 25)) >> 26
  h4 -= c << 26
  h5 += c
  c = (h8 + ((<i64>1) << 25)) >> 26
  h8 -= c << 26
  h9 += c
  c = (h9 + ((<i64>1) << 24)) >> 25
  h9 -= c << 25
  h0 += c * 19
  c = (h0 + ((<i64>1) << 25)) >> 26
  h0 -= c << 26
  h1 += c
  store<i32>(h, <i32>h0, 0)
  store<i32>(h, <i32>h1, 4)
  store<i32>(h, <i32>h2, 8)
  store<i32>(h, <i32>h3, 12)
  store<i32>(h, <i32>h4, 16)
  store<i32>(h, <i32>h5, 20)
  store<i32>(h, <i32>h6, 24)
  store<i32>(h, <i32>h7, 28)
  store<i32>(h, <i32>h8, 32)
  store<i32>(h, <i32>h9, 36)
}

/** h = f f, `twice` = 1: 2 f f. Bounds as of multiply. */
export function square(h: usize, f: usize, twice: i64 = 0): void {
  const f0 = <i64>load<i32>(f, 0)
  const f1 = <i64>load<i32>(f, 4)
  const f2 = <i64>load<i32>(f, 8)
  const f3 = <i64>load<i32>(f, 12)
  const f4 = <i64>load<i32>(f, 16)
  const f5 = <i64>load<i32>(f, 20)
  const f6 = <i64>load<i32>(f, 24)
  const f7 = <i64>load<i32>(f, 28)
  const f8 = <i64>load<i32>(f, 32)
  const f9 = <i64>load<i32>(f, 36)
  const f0d = f0 * 2
  const f1d = f1 * 2
  const f2d = f2 * 2
  const f3d = f3 * 2
  const f4d = f4 * 2
  const f5d = f5 * 2
  const f6d = f6 * 2
  const f7d = f7 * 2
  const f8d = f8 * 2
  const f9d = f9 * 2
  const f1q = f1 * 4
  const f3q = f3 * 4
  const f5q = f5 * 4
  const f7q = f7 * 4
  const f5n = f5 * 19
  const f6n = f6 * 19
  const f7n = f7 * 19
  const f8n = f8 * 19
  const f9n = f9 * 19
  let h0 = (f0 * f0 + f1q * f9n + f2d * f8n + f3q * f7n + f4d * f6n + f5d * f5n) << twice
  let h1 = (f0d * f1 + f2d * f9n + f3d * f8n + f4d * f7n + f5d * f6n) << twice
  let h2 = (f0d * f2 + f1d * f1 + f3q * f9n + f4d * f8n + f5q * f7n + f6 * f6n) << twice
  let h3 = (f0d * f3 + f1d * f2 + f4d * f9n + f5d * f8n + f6d * f7n) << twice
  let h4 = (f0d * f4 + f1q * f3 + f2 * f2 + f5q * f9n + f6d * f8n + f7d * f7n) << twice
  let h5 = (f0d * f5 + f1d * f4 + f2d * f3 + f6d * f9n + f7d * f8n) << twice
  let h6 = (f0d * f6 + f1q * f5 + f2d * f4 + f3d * f3 + f7q * f9n + f8 * f8n) << twice
  let h7 = (f0d * f7 + f1d * f6 + f2d * f5 + f3d * f4 + f8d * f9n) << twice
  let h8 = (f0d * f8 + f1q * f7 + f2d * f6 + f3q * f5 + f4 * f4 + f9d * f9n) << twice
  let h9 = (f0d * f9 + f1d * f8 + f2d * f7 + f3d * f6 + f4d * f5) << twice
  let c: i64
  c = (h0 + ((<i64>1) << 25)) >> 26
  h0 -= c << 26
  h1 += c
  c = (h4 + ((<i64>1) << 25)) >> 26
  h4 -= c << 26
  h5 += c
  c = (h1 + ((<i64>1) << 24)) >> 25
  h1 -= c << 25
  h2 += c
  c = (h5 + ((<i64>1) << 24)) >> 25
  h5 -= c << 25
  h6 += c
  c = (h2 + ((<i64>1) << 25)) >> 26
  h2 -= c << 26
  h3 += c
  c = (h6 + ((<i64>1) << 25)) >> 26
  h6 -= c << 26
  h7 += c
  c = (h3 + ((<i64>1) << 24)) >> 25
  h3 -= c << 25
  h4 += c
  c = (h7 + ((<i64>1) << 24)) >> 25
  h7 -= c << 25
  h8 += c
  c = (h4 + ((<i64>1) << 25)) >> 26
  h4 -= c << 26
  h5 += c
  c = (h8 + ((<i64>1) << 25)) >> 26
  h8 -= c << 26
  h9 += c
  c = (h9 + ((<i64>1) << 24)) >> 25
  h9 -= c << 25
  h0 += c * 19
  c = (h0 + ((<i64>1) << 25)) >> 26
  h0 -= c << 26
  h1 += c
  store<i32>(h, <i32>h0, 0)
  store<i32>(h, <i32>h1, 4)
  store<i32>(h, <i32>h2, 8)
  store<i32>(h, <i32>h3, 12)
  store<i32>(h, <i32>h4, 16)
  store<i32>(h, <i32>h5, 20)
  store<i32>(h, <i32>h6, 24)
  store<i32>(h, <i32>h7, 28)
  store<i32>(h, <i32>h8, 32)
  store<i32>(h, <i32>h9, 36)
}
