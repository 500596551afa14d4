import * as dagCbor from '@ipld/dag-cbor'
import { describe, expect, it } from 'vitest'
import { decodeGiftLine, encodeGiftLine, GiftLineRefused, MAX_GIFT_LINE_BYTES, requireTabSignature } from './gift-line'
import { designedGift, TEST_DOMAIN, TEST_SEPARATOR, TestAccount } from './gift-test-kit'
import { hexToBytes } from './hex-bytes'
import { domainSeparator } from './tab'

const ann = new TestAccount(1)
const creator = new TestAccount(2).address
const first = ann.gift(creator, { name: 'Ann', text: 'Bravo! 👏' })
const second = ann.gift(creator, { giftId: 2, qty: 5 }, first)

const refusal = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof GiftLineRefused) return error.fault
    throw error
  }
  return 'taken'
}
/** The bytes of a gift with fields of the wire changed. */
const forged = (change: Record<string, unknown>, of = second): Uint8Array =>
  dagCbor.encode({ ...dagCbor.decode<Record<string, unknown>>(encodeGiftLine(of)), ...change })

describe('a gift on the wire', () => {
  it('is read as it was written, and stays small', () => {
    for (const line of [first, second]) {
      const bytes = encodeGiftLine(line)
      expect(decodeGiftLine(bytes)).toEqual(line)
      expect(bytes.length).toBeLessThan(450)
      requireTabSignature(TEST_SEPARATOR, decodeGiftLine(bytes))
    }
  })

  it('with the designer’s tab is read as it was written, and refused when that is not the payer’s or nobody’s part', () => {
    const line = designedGift(ann, creator, designedGift(ann, creator))
    const bytes = encodeGiftLine(line)
    expect(decodeGiftLine(bytes)).toEqual(line)
    expect(bytes.length).toBeLessThan(600)
    requireTabSignature(TEST_SEPARATOR, decodeGiftLine(bytes))
    const { d } = dagCbor.decode<{ d: Record<string, unknown> }>(bytes)
    const changed = (change: Record<string, unknown>): string =>
      refusal(() => requireTabSignature(TEST_SEPARATOR, decodeGiftLine(forged({ d: { ...d, ...change } }, line))))
    expect(changed({})).toBe('taken')
    expect(changed({ T: new Uint8Array(12).fill(1) })).toBe('wrong-signature')
    expect(changed({ k: new Uint8Array(32).fill(1) })).toBe('wrong-signature')
    expect(changed({ a: new Uint8Array(20).fill(1) })).toBe('wrong-signature')
    expect(changed({ z: line.signature })).toBe('wrong-signature')
    expect(changed({ a: new Uint8Array(20) })).toBe('malformed')
    expect(changed({ a: hexToBytes(creator) })).toBe('malformed')
    expect(changed({ a: hexToBytes(ann.address) })).toBe('malformed')
    expect(changed({ n: 1 })).toBe('wrong-chain')
    expect(changed({ more: 1 })).toBe('malformed')
  })

  it('with the longest words in the widest letters still fits', () => {
    const wide = { ...designedGift(ann, creator), name: '\u{1f469}'.repeat(20), text: '\u754c'.repeat(120) }
    expect(encodeGiftLine(wide).length).toBeLessThan(MAX_GIFT_LINE_BYTES)
  })

  it('cut at any byte is refused', () => {
    const bytes = encodeGiftLine(second)
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(() => decodeGiftLine(bytes.subarray(0, length)))).toBe('malformed')
    }
  })

  it('with any bit turned is refused, or is not signed', () => {
    const bytes = encodeGiftLine(second)
    let unsigned = 0
    for (let at = 0; at < bytes.length * 8; at += 11) {
      const turned = bytes.slice()
      turned[at >> 3]! ^= 1 << (at & 7)
      const why = refusal(() => requireTabSignature(TEST_SEPARATOR, decodeGiftLine(turned)))
      expect(why).not.toBe('taken')
      if (why === 'wrong-signature') unsigned++
    }
    expect(unsigned).toBeGreaterThan(20)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['another gift than the signed one', { g: 15 }, 'wrong-chain'],
    ['more pieces than signed', { q: 500 }, 'wrong-chain'],
    ['for another show', { i: new Uint8Array(32) }, 'wrong-chain'],
    ['at another time', { t: 5 }, 'wrong-chain'],
    ['after another gift', { k: new Uint8Array(32).fill(1) }, 'wrong-chain'],
    ['as if it were the first', { n: 1 }, 'wrong-chain'],
    ['no pieces', { q: 0 }, 'malformed'],
    ['a part above the ceiling', { b: 5_001 }, 'malformed'],
    ['a total of 13 bytes', { T: new Uint8Array(13) }, 'malformed'],
    ['fields that nobody knows', { admin: true }, 'malformed'],
    ['a name that turns the line around', { w: 'abc\u202edef' }, 'malformed'],
    ['an empty name', { w: '' }, 'malformed'],
    ['a long text', { x: 'x'.repeat(121) }, 'malformed'],
    ['a fraction', { n: 2.5 }, 'malformed'],
  ])('with %s is refused', (_, change, fault) => {
    expect(refusal(() => decodeGiftLine(forged(change)))).toBe(fault)
  })

  it('in another encoding of the same values is refused: equal gifts are equal bytes', () => {
    const [map, ...rest] = encodeGiftLine(second)
    // the number of entries in a longer form than needed
    const longer = Uint8Array.from([0xb8, map! & 0x1f, ...rest])
    expect(refusal(() => decodeGiftLine(longer))).toBe('malformed')
  })

  it('under the domain of another network is not signed', () => {
    const elsewhere = domainSeparator({ ...TEST_DOMAIN, chainId: 1n })
    expect(refusal(() => requireTabSignature(elsewhere, second))).toBe('wrong-signature')
    const mallory = { ...second, signature: new TestAccount(9).sign(second.tab) }
    expect(refusal(() => requireTabSignature(TEST_SEPARATOR, mallory))).toBe('wrong-signature')
  })

  it('noise never throws anything else', () => {
    let seed = 7
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >> 8
    for (let round = 0; round < 2_000; round++) {
      const noise = Uint8Array.from({ length: random() % 400 }, random)
      expect(refusal(() => decodeGiftLine(noise))).toBe('malformed')
    }
  })
})
