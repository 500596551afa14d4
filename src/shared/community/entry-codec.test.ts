import { decode, encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeBody, readBody } from './entry-body'
import { encodeEnvelope, readEnvelope } from './entry-envelope'
import { encodeHeader, readHeader, type EntryHeader } from './entry-header'
import { entryIdDigest, entryIdText } from './entry-id'
import { NOT_PLAIN, readPlain } from './plain-cbor'

const digest = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest())
const PLAIN: EntryHeader = {
  device: digest('device'),
  n: 70_000,
  prev: digest('before'),
  t: 1_800_000_000_000,
  kind: 'app.manifest',
  bodyHash: digest('body'),
  bodySize: 300,
}
const HEADER: EntryHeader = { ...PLAIN, expires: 1_900_000_000_000, replaceKey: 'channel/one' }

describe('the header of an entry', () => {
  it('is read as it was written, with and without its optional fields', () => {
    const first = { ...PLAIN, n: 0, prev: null }
    for (const header of [HEADER, PLAIN, first])
      expect(readHeader(Uint8Array.from(encodeHeader(header)))).toEqual(header)
  })

  it('is plain dag-cbor that any other program reads', () => {
    expect(decode(encodeHeader(PLAIN))).toMatchObject({ v: 1, n: 70_000, k: 'app.manifest', s: 300, t: PLAIN.t })
  })

  it('is refused with another version, field, kind or predecessor than the format has', () => {
    const fields = decode<Record<string, unknown>>(encodeHeader(PLAIN))
    const foreign = CID.createV1(0x55, Digest.create(0x12, digest('raw')))
    const wrong = [{ v: 2 }, { z: 1 }, { k: 'Chat' }, { k: 'a..b' }, { p: null }, { p: foreign }, { n: -1 }, { t: 1.5 }]
    for (const change of wrong) expect(() => readHeader(encode({ ...fields, ...change }))).toThrow()
    expect(() => readHeader(encode({ ...fields, s: 40_000 }))).toThrow(expect.objectContaining({ fault: 'oversized' }))
  })

  it('counts in one spelling only: whatever is read is what dag-cbor itself would write', () => {
    const bytes = Uint8Array.from(encodeHeader(HEADER))
    let read = 0
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 0x18, 0x61, 0xf6, 0xff, bytes[at]! ^ 1]) {
        const changed = bytes.slice()
        changed[at] = value
        try {
          readHeader(changed)
        } catch {
          continue
        }
        read++
        expect(Buffer.from(encode(decode(changed))).equals(changed)).toBe(true)
      }
    }
    expect(read).toBeGreaterThan(100) // other keys, hashes and times are headers too, of other entries
    const longer = bytes.slice()
    longer[0] = 0xab
    expect(() => readHeader(longer)).toThrow()
  })
})

describe('the id of an entry', () => {
  it('is the CID that every IPFS program gives the envelope', () => {
    for (let n = 0; n < 50; n++) {
      const hash = new Uint8Array(randomBytes(32))
      const text = CID.createV1(0x71, Digest.create(0x12, hash)).toString()
      expect(entryIdText(hash)).toBe(text)
      expect(entryIdDigest(text)).toEqual(hash)
    }
  })

  it('is not taken from other CIDs or other spellings', () => {
    const text = entryIdText(digest('x'))
    const raw = CID.createV1(0x55, Digest.create(0x12, digest('x'))).toString()
    const last = text.at(-1) === 'b' ? 'c' : 'b'
    for (const wrong of ['', raw, text.toUpperCase(), `${text}a`, text.slice(0, -1) + last]) {
      expect(entryIdDigest(wrong)).toBeNull()
    }
  })
})

describe('envelope and body', () => {
  it('are read as they were written, and refused when a byte is missing or too many', () => {
    const bytes = encodeEnvelope(encodeHeader(HEADER), new Uint8Array(64).fill(7))
    expect(readEnvelope(bytes).header).toEqual(HEADER)
    expect(encode(decode(bytes))).toEqual(Buffer.from(bytes))
    for (let end = 0; end < bytes.length; end++) expect(() => readEnvelope(bytes.subarray(0, end))).toThrow()
    expect(() => readEnvelope(Uint8Array.from([...bytes, 0]))).toThrow()
    expect(() => readEnvelope(new Uint8Array(10_000))).toThrow(expect.objectContaining({ fault: 'oversized' }))
  })

  it('of unusual forms are refused', () => {
    expect(readBody(encodeBody({ text: '你好', n: 1 }))).toEqual({ text: '你好', n: 1 })
    const other = { faults: [encode([1]), encode('text'), encode(null), Uint8Array.of(0xa1), new Uint8Array(0)] }
    for (const bytes of other.faults) expect(() => readBody(bytes)).toThrow()
    const proto = Uint8Array.of(0xa1, 0x69, ...Buffer.from('__proto__'), 0xa1, 0x61, 0x61, 1)
    expect(Object.getPrototypeOf(readBody(proto))).toBe(Object.prototype)
    // {"bb": 1, "a": 2}: keys in the wrong order
    const unsorted = Uint8Array.of(0xa2, 0x62, 0x62, 0x62, 1, 0x61, 0x61, 2)
    expect(() => readBody(unsorted)).toThrow(expect.objectContaining({ fault: 'not-canonical' }))
    expect(() => encodeBody({ text: 'x'.repeat(33_000) })).toThrow(expect.objectContaining({ fault: 'oversized' }))
    expect(() => readBody(new Uint8Array(30_000).fill(0x81))).toThrow() // 30,000 arrays in each other
  })

  it('are plain only if dag-cbor itself would write them so, and then read as it reads them', () => {
    const bytes = Uint8Array.from(
      encode({
        ...{ a: [1, 300, 70_000, -5, null, true], bb: { c: 'text', dd: 'x'.repeat(300) }, e: new Uint8Array(30) },
        ...{ f: 1_800_000_000_000, g: -(2 ** 40), h: '你好', i: `${'é'.repeat(20)}😀` },
      }),
    )
    expect(readPlain(bytes)).toEqual(decode(bytes))
    const marked = { text: `\ufeff${'letters'.repeat(9)}` } // dag-cbor's own reader drops the mark
    expect(readPlain(encode(marked))).toEqual(marked)
    expect(readPlain(encode({ half: 0.5 }))).toBe(NOT_PLAIN)
    expect(readPlain(encode({ link: CID.createV1(0x55, Digest.create(0x12, digest('raw'))) }))).toBe(NOT_PLAIN)
    let plain = 0
    for (let at = 0; at < bytes.length; at += at < 64 ? 1 : 5) {
      for (const byte of [
        0,
        0x18,
        0x19,
        0x1b,
        0x60,
        0x61,
        0x80,
        0xa0,
        0xbf,
        0xc3,
        0xf4,
        0xf7,
        0xf9,
        0xff,
        bytes[at]! ^ 1,
      ]) {
        const changed = bytes.slice()
        changed[at] = byte
        const value = readPlain(changed)
        if (value === NOT_PLAIN) continue
        plain++
        expect(Buffer.from(encode(value)).equals(changed)).toBe(true)
        expect(Buffer.from(encode(decode(changed))).equals(changed)).toBe(true)
      }
    }
    expect(plain).toBeGreaterThan(100)
  })
})
