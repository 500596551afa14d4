import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import { ed25519Signer, firstForged, useSignatureKernel, verifyEd25519 } from '../ed25519'
import { seeded } from '../testing/seeded'
import { AT_ONCE, SignatureKernel, type SignedText } from './signature-kernel'

/** Signatures compared with the other library; `WE_SIGNATURES=200000` for the long run. */
const MANY = Number(process.env['WE_SIGNATURES'] ?? 400)
const { Point } = ed25519
const ORDER = Point.Fn.ORDER
const PRIME = Point.Fp.ORDER

const chance = seeded(77)
const random = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, () => Math.floor(chance() * 256)))
const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()

interface Device {
  publicKey: Uint8Array
  sign: (payload: Uint8Array) => Uint8Array
}

function newDevice(): Device {
  const seed = random(32)
  const publicKey = ed25519.getPublicKey(seed)
  return { publicKey, sign: ed25519Signer(Buffer.concat([seed, publicKey])) }
}

function textsOf({ sign }: Device, count: number): SignedText[] {
  return Array.from({ length: count }, (_, at) => {
    const payload = random((at * 13) % 600)
    return { payload, signature: sign(payload) }
  })
}

/** A signature of `payload` by the secret number `a` of key `A`, with the secret number `r` of `R`. */
function crafted(payload: Uint8Array, R: Uint8Array, A: Uint8Array, a: bigint, r: bigint): SignedText {
  const h = number(createHash('sha512').update(R).update(A).update(payload).digest()) % ORDER
  return { payload, signature: Buffer.concat([R, bytesOf((r + h * a) % ORDER)]) }
}

describe('SignatureKernel', () => {
  let kernel: SignatureKernel
  let path: string
  beforeAll(async () => {
    path = await ensureKernel('ed25519')
    kernel = SignatureKernel.load(path)
  }, 60_000)

  it('says yes to what honest devices sign, and no to each with one bit changed', () => {
    for (let done = 0; done < MANY; done += 100) {
      const device = newDevice()
      const texts = textsOf(device, 100)
      expect(kernel.verify(device.publicKey, texts)).toEqual(texts.map(() => true))
      const changed = texts.map(({ payload, signature }, at) => {
        const [other, text] = [Buffer.from(signature), Buffer.from(payload)]
        const bit = Math.floor(chance() * 512)
        if (at % 4 > 0 || text.length === 0) other[bit >> 3]! ^= 1 << (bit & 7)
        else text[bit % text.length]! ^= 1
        return { payload: text, signature: other }
      })
      expect(kernel.verify(device.publicKey, changed)).toEqual(changed.map(() => false))
      expect(kernel.verify(newDevice().publicKey, texts)).toEqual(texts.map(() => false))
    }
  }, 600_000)

  it('finds the forged ones among the others', () => {
    const device = newDevice()
    const texts = textsOf(device, AT_ONCE)
    const forged = new Set([0, 17, 18, AT_ONCE - 1])
    const mixed = texts.map((text, at) => (forged.has(at) ? { ...text, payload: random(9) } : text))
    expect(kernel.verify(device.publicKey, mixed)).toEqual(mixed.map((_, at) => !forged.has(at)))
  })

  it('computes with secret numbers and hashes at the ends of what there is', () => {
    const secrets = [1n, 2n, 8n, ORDER - 1n, ORDER - 2n, (ORDER + 1n) / 2n, 1n << 251n, (1n << 252n) - 1n, 255n << 240n]
    const points = secrets.map((r) => Point.BASE.multiply(r).toBytes())
    for (const a of secrets) {
      const A = Point.BASE.multiply(a).toBytes()
      const texts = secrets.flatMap((r, at) =>
        [1, 2, 3, 4].map((n) => crafted(Buffer.alloc(n, n), points[at]!, A, a, r)),
      )
      expect(texts.every(({ payload, signature }) => verifyEd25519(A, payload, signature))).toBe(true)
      expect(kernel.verify(A, texts)).toEqual(texts.map(() => true))
    }
  })

  it('says no to an S of L and above, to an R in another spelling, of small order, or off by such a point', () => {
    const device = newDevice()
    const texts = textsOf(device, 40)
    const above = texts.map(({ payload, signature }) => ({
      payload,
      signature: Buffer.concat([signature.subarray(0, 32), bytesOf(number(signature.subarray(32)) + ORDER)]),
    }))
    expect(kernel.verify(device.publicKey, above)).not.toContain(true)
    const [a, r] = [number(random(31)), number(random(31))]
    const A = Point.BASE.multiply(a).toBytes()
    const fill = Array.from({ length: 40 }, (_, at) =>
      crafted(Buffer.from([at]), bytesOf(number(Point.BASE.multiply(r).toBytes())), A, a, r),
    )
    expect(kernel.verify(A, fill)).not.toContain(false)
    const points = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex, true))
    const bad = points.flatMap((point, at) => [
      crafted(random(20), point.toBytes(), A, a, 0n),
      ...(at === 0 ? [] : [crafted(random(20), Point.BASE.multiply(r).add(point).toBytes(), A, a, r)]),
      crafted(random(20), bytesOf(PRIME + BigInt(at)), A, a, 0n),
    ])
    expect(kernel.verify(A, bad)).not.toContain(true)
  })

  it('makes no table for keys that no honest device has: of small order, with a part of it, in another spelling, no point', () => {
    const a = number(random(31))
    const keys = ED25519_TORSION_SUBGROUP.flatMap((hex, at) => {
      const point = Point.fromHex(hex, true)
      return [point.toBytes(), ...(at === 0 ? [] : [Point.BASE.multiply(a).add(point).toBytes()])]
    })
    const odd = [PRIME, PRIME + 1n, PRIME + 3n, 2n, (1n << 255n) | 1n, (1n << 255n) - 1n].map(bytesOf)
    for (const key of [...keys, ...odd, Buffer.alloc(31), Buffer.alloc(33)]) {
      const texts = Array.from({ length: 64 }, () => crafted(random(9), Point.BASE.toBytes(), key, a, 1n))
      expect(kernel.verify(key, texts)).not.toContain(true)
    }
  })

  it('keeps tables for a few keys and goes on with many, in any order', () => {
    const devices = Array.from({ length: 20 }, newDevice)
    for (let n = 0; n < 60; n++) {
      const device = devices[Math.floor(chance() * chance() * devices.length)]!
      expect(kernel.verify(device.publicKey, textsOf(device, 32))).not.toContain(false)
    }
  })

  it('leaves few signatures, and those of other lengths, to others', () => {
    const device = newDevice()
    expect(kernel.verify(device.publicKey, textsOf(device, 3))).toEqual([false, false, false])
    const texts = textsOf(device, 50)
    const cut = texts.map((text, at) => (at === 9 ? { ...text, signature: text.signature.subarray(1) } : text))
    expect(kernel.verify(device.publicKey, cut)).not.toContain(true)
  })

  it('gives the verdicts of the single check for whole logs, also where it says no itself', async () => {
    const lines: string[] = []
    useSignatureKernel(`${path}.missing`, (line) => lines.push(line))
    expect(lines).toHaveLength(1)
    useSignatureKernel(path, (line) => lines.push(line))
    expect(lines).toHaveLength(1)
    const device = newDevice()
    const texts = textsOf(device, 450)
    expect(await firstForged(device.publicKey, texts)).toBe(-1)
    for (const at of [0, 1, 199, 200, 449]) {
      const mixed = texts.map((text, n) => (n >= at ? { ...text, payload: random(7) } : text))
      expect(await firstForged(device.publicKey, mixed)).toBe(at)
    }
    // a key with a part of small order, of whose signatures some hold: the single check alone knows
    const [a, point] = [number(random(31)), Point.fromHex(ED25519_TORSION_SUBGROUP[2]!, true)]
    const key = Point.BASE.multiply(a).add(point).toBytes()
    const odd = Array.from({ length: 64 }, (_, n) =>
      crafted(random(8), Point.BASE.multiply(BigInt(n + 5)).toBytes(), key, a, BigInt(n + 5)),
    )
    const first = odd.findIndex(({ payload, signature }) => !verifyEd25519(key, payload, signature))
    expect(first).toBeGreaterThanOrEqual(0)
    expect(await firstForged(key, odd)).toBe(first)
    expect(await firstForged(key, [])).toBe(-1)
  })
})
