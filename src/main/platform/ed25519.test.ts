import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ed25519Signer, nodeSigner, nodeVerify, sodiumSigner, sodiumVerify, verifyEd25519 } from './ed25519'
import { isWellFormed } from './ed25519/well-formed'
import { sodium } from './ed25519/sodium'
import { seeded } from './testing/seeded'

const TEXT = Buffer.from('what somebody signed')
const { Point } = ed25519
const ORDER = Point.Fn.ORDER
const PRIME = Point.Fp.ORDER

const chance = seeded(9)
const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(chance() * 256))
const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
/** A signature of TEXT by the secret number `a` of key `A`, with the secret number `r` of `R`. */
function signed(R: Uint8Array, A: Uint8Array, a: bigint, r: bigint): Uint8Array {
  const h = number(createHash('sha512').update(R).update(A).update(TEXT).digest()) % ORDER
  return Buffer.concat([R, bytesOf((r + h * a) % ORDER)])
}

const [a, r] = [number(random(31)), number(random(31))]
const torsion = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex, true))
const A = Point.BASE.multiply(a)
const R = Point.BASE.multiply(r)
const verifiers = [
  ['libsodium', sodiumVerify(sodium!)],
  ['Node', nodeVerify],
] as const

describe('Ed25519', () => {
  it('is checked by libsodium on this system, whose prebuilt library is there', () => {
    expect(sodium).not.toBeNull()
    expect(verifyEd25519).not.toBe(nodeVerify)
  })

  it('makes the same signature with either library, and each verifies the other', () => {
    for (let n = 0; n < 20; n++) {
      const seed = random(32)
      const raw = Buffer.concat([seed, ed25519.getPublicKey(seed)])
      const payload = random(n * 37)
      const signature = ed25519Signer(raw)(payload)
      expect(sodiumSigner(sodium!)(raw)(payload)).toEqual(signature)
      expect(nodeSigner(raw)(payload)).toEqual(signature)
      for (const [, verify] of verifiers) {
        expect(verify(raw.subarray(32), payload, signature)).toBe(true)
        expect(verify(raw.subarray(32), Buffer.concat([payload, TEXT]), signature)).toBe(false)
      }
    }
  })

  it('signs with the key of its seed, whatever public half stands beside it', () => {
    const seed = random(32)
    const signature = sodiumSigner(sodium!)(Buffer.concat([seed, random(32)]))(TEXT)
    expect(verifyEd25519(ed25519.getPublicKey(seed), TEXT, signature)).toBe(true)
  })

  describe.each(verifiers)('by %s', (_name, verify) => {
    const judge = (key: Uint8Array, signature: Uint8Array) => verify(key, TEXT, signature)
    const good = signed(R.toBytes(), A.toBytes(), a, r)

    it('refuses other lengths, other bits and a key that is no point, and does not throw', () => {
      const key = A.toBytes()
      expect(judge(key, good)).toBe(true)
      for (const length of [0, 1, 31, 63]) expect(judge(key, good.subarray(0, length))).toBe(false)
      expect(judge(key, Buffer.concat([good, Buffer.alloc(1)]))).toBe(false)
      for (const length of [0, 31]) expect(judge(key.subarray(0, length), good)).toBe(false)
      expect(judge(Buffer.concat([key, Buffer.alloc(1)]), good)).toBe(false)
      expect(judge(bytesOf(2n), good)).toBe(false) // no x fits y = 2
      for (let bit = 0; bit < 512; bit += 7) {
        const other = Buffer.from(good)
        other[bit >> 3]! ^= 1 << (bit & 7)
        expect(judge(key, other)).toBe(false)
      }
    })

    it('refuses a second S for the same text', () => {
      const second = Buffer.concat([good.subarray(0, 32), bytesOf(number(good.subarray(32)) + ORDER)])
      expect(judge(A.toBytes(), second)).toBe(false)
    })

    it('refuses keys and R of small order, in either sign', () => {
      for (const point of torsion) {
        for (const sign of [0, 0x80]) {
          const bytes = Buffer.from(point.toBytes())
          bytes[31]! ^= sign
          expect(judge(bytes, signed(R.toBytes(), bytes, 0n, r))).toBe(false)
          expect(judge(A.toBytes(), signed(bytes, A.toBytes(), a, 0n))).toBe(false)
        }
      }
    })

    it('refuses a key in another spelling', () => {
      for (const y of [PRIME, PRIME + 1n, PRIME + 3n]) {
        const bytes = bytesOf(y)
        expect(judge(bytes, signed(R.toBytes(), bytes, 0n, r))).toBe(false)
        bytes[31]! |= 0x80
        expect(judge(bytes, signed(R.toBytes(), bytes, 0n, r))).toBe(false)
      }
    })

    it('refuses an R that is off by a point of small order', () => {
      for (const point of torsion.slice(1)) {
        expect(judge(A.toBytes(), signed(R.add(point).toBytes(), A.toBytes(), a, r))).toBe(false)
      }
    })
  })

  it('judges alike whatever a stranger makes of keys with a part of small order', () => {
    let held = 0
    for (const point of torsion) {
      for (let n = 0n; n < 16n; n++) {
        const key = A.add(point).toBytes()
        const signature = signed(Point.BASE.multiply(r + n).toBytes(), key, a, r + n)
        const verdicts = verifiers.map(([, verify]) => verify(key, TEXT, signature))
        expect(verdicts[0]).toBe(verdicts[1])
        held += Number(verdicts[0])
      }
    }
    expect(held).toBeGreaterThan(16) // those of order 1 all hold, of the others a part
  })

  it('knows the form of what honest keys make', () => {
    for (let n = 0; n < 50; n++) {
      const raw = random(32)
      expect(isWellFormed(ed25519.getPublicKey(raw), ed25519.sign(TEXT, raw))).toBe(true)
    }
  })
})
