import { generateKeyPairSync, sign as signWith, verify as verifyWith, createPublicKey, randomInt } from 'node:crypto'
import * as dagCbor from '@ipld/dag-cbor'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { beforeAll, describe, expect, test } from 'vitest'
import { MAX_RECORD_BYTES, openShowRecord, sealShowRecord, type SegmentRecord } from './segment-record'
import { openAlive, sealAlive } from './show-alive'
import { MAX_MANIFEST_BYTES, openManifest, sealManifest, type ShowManifest } from './show-manifest'
import { publicKeyOfPeerId } from './peer-id-key'
import { RecordRefused, sealRecord, type Sign, type Verify } from './signed-record'

interface Author {
  peerId: string
  publicKey: Uint8Array
  sign: Sign
}

function author(): Author {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const peerId = base58btc.baseEncode(Buffer.concat([Uint8Array.of(0, 0x24, 8, 1, 0x12, 0x20), raw]))
  return {
    peerId,
    publicKey: new Uint8Array(raw),
    sign: (payload) => new Uint8Array(signWith(null, payload, privateKey)),
  }
}

const verify: Verify = (publicKey, payload, signature) => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }
  return verifyWith(null, payload, createPublicKey({ format: 'jwk', key }), signature)
}

async function cidOf(codec: number, text: string): Promise<string> {
  return CID.createV1(codec, await sha256.digest(Buffer.from(text))).toString()
}

const ann = author()
const eve = author()
let show: string
let record: SegmentRecord
const manifest: ShowManifest = {
  v: 2,
  peerId: ann.peerId,
  title: 'Fünf Minuten',
  category: 'Talk',
  startedAt: 1_795_363_172_225,
  width: 1280,
  height: 720,
  fps: 29.97,
  mimeType: 'video/mp4; codecs="avc1.64001f,mp4a.40.2"',
  renditions: [
    { id: 'source', width: 1280, height: 720, kbps: 3500, codecs: 'avc1.64001f,mp4a.40.2' },
    { id: 'small', width: 640, height: 360, kbps: 700, codecs: 'avc1.64001e,mp4a.40.2' },
  ],
  nonce: new Uint8Array(16).fill(7),
}

beforeAll(async () => {
  show = await cidOf(0x71, 'show')
  record = {
    v: 2,
    show,
    seq: 7,
    t: 1_795_363_172_225,
    prev: await cidOf(0x71, 'record 6'),
    durationMs: 966.6667,
    renditions: [
      {
        id: 'source',
        initCid: await cidOf(0x55, 'init'),
        initSize: 1300,
        cid: await cidOf(0x55, 'segment'),
        size: 125_000,
      },
      {
        id: 'small',
        initCid: await cidOf(0x55, 'small init'),
        initSize: 1300,
        cid: await cidOf(0x55, 'small segment'),
        size: 50_000,
      },
    ],
  }
})

/** Every change of one to three bytes, a cut and an addition must be refused, and as a refusal, not as a crash. */
function expectMutationsRefused(bytes: Uint8Array, open: (mutated: Uint8Array) => unknown, count: number): void {
  for (let round = 0; round < count; round++) {
    let mutated = bytes.slice()
    if (round % 20 === 18) mutated = mutated.subarray(0, randomInt(mutated.length))
    else if (round % 20 === 19) mutated = Uint8Array.from([...mutated, randomInt(256)])
    else {
      for (let change = 0; change <= round % 3; change++) {
        const at = randomInt(mutated.length)
        mutated[at] = mutated[at]! ^ (1 + randomInt(255))
      }
      if (Buffer.compare(mutated, bytes) === 0) continue // two changes of one byte undid each other
    }
    expect(() => open(mutated), Buffer.from(mutated).toString('hex')).toThrow(RecordRefused)
  }
}

const sized = (size: number) => (): Partial<SegmentRecord> => ({ renditions: [{ ...record.renditions[0]!, size }] })

function many(count: number): SegmentRecord['renditions'] {
  const others = Array.from({ length: count - 1 }, (_, i) => ({ ...record.renditions[1]!, id: `longid${i}` }))
  return [record.renditions[0]!, ...others]
}

describe('a show manifest', () => {
  test('comes back as it was, and always as the same bytes', () => {
    const bytes = sealManifest(manifest, ann.sign)
    expect(openManifest(bytes, verify)).toEqual(manifest)
    expect(sealManifest({ ...manifest }, ann.sign)).toEqual(bytes)
    expect(bytes.length).toBeLessThan(MAX_MANIFEST_BYTES / 2)
    expect(publicKeyOfPeerId(manifest.peerId)).toEqual(ann.publicKey)
  })

  test('2,000 random mutations are all refused', () => {
    expectMutationsRefused(sealManifest(manifest, ann.sign), (bytes) => openManifest(bytes, verify), 2000)
  })

  test('signed by another than its peer id is refused', () => {
    expect(() => openManifest(sealManifest(manifest, eve.sign), verify)).toThrow(/not signed/)
  })

  test.each([
    ['no title', { title: '' }],
    ['a title with blanks around', { title: ' a ' }],
    ['another category', { category: 'Cats' }],
    ['no width', { width: 0 }],
    ['a script in the type', { mimeType: 'text/html' }],
    ['a short nonce', { nonce: new Uint8Array(8) }],
    ['a version of the future', { v: 3 }],
    ['no renditions', { renditions: [] }],
    ['a source that is not the first', { renditions: manifest.renditions.toReversed() }],
    ['two renditions of one name', { renditions: [manifest.renditions[0], manifest.renditions[0]] }],
    ['a tag in a name', { renditions: [{ ...manifest.renditions[0], id: 'so<b>' }] }],
    ['a picture without height', { renditions: [{ ...manifest.renditions[0], height: 0 }] }],
    ['a field too many', { extra: 1 }],
  ])('with %s is neither made nor taken', (_, change) => {
    const wrong = { ...manifest, ...change } as ShowManifest
    expect(() => sealManifest(wrong, ann.sign)).toThrow()
  })
})

describe('a segment record', () => {
  test('comes back as it was', () => {
    const bytes = sealShowRecord(record, ann.sign)
    expect(openShowRecord(bytes, show, ann.publicKey, verify)).toEqual(record)
    expect(bytes.length).toBeLessThan(MAX_RECORD_BYTES / 2)
  })

  test('2,000 random mutations are all refused', () => {
    const bytes = sealShowRecord(record, ann.sign)
    expectMutationsRefused(bytes, (mutated) => openShowRecord(mutated, show, ann.publicKey, verify), 2000)
  })

  test('of another author, of another show, or signed as another kind of record is refused', async () => {
    const fault = (fault: string): Error => expect.objectContaining({ fault }) as Error
    const open = (bytes: Uint8Array): unknown => openShowRecord(bytes, show, ann.publicKey, verify)
    expect(() => open(sealShowRecord(record, eve.sign))).toThrow(fault('wrong-signature'))
    const other = sealShowRecord({ ...record, show: await cidOf(0x71, 'other show') }, ann.sign)
    expect(() => open(other)).toThrow(fault('wrong-show'))
    const elsewhere: Sign = (payload) =>
      ann.sign(
        Buffer.from(Buffer.from(payload).toString('latin1').replace('segment-record', 'another-record'), 'latin1'),
      )
    expect(() => open(sealShowRecord(record, elsewhere))).toThrow(fault('wrong-signature'))
    expect(() => open(sealManifest(manifest, ann.sign))).toThrow(fault('malformed'))
  })

  test('in a form that is not canonical is refused, though its fields are signed', () => {
    const bytes = sealShowRecord(record, ann.sign)
    const fields = dagCbor.decode<Record<string, unknown>>(bytes)
    const shuffled = Uint8Array.from([
      0xa0 | Object.keys(fields).length,
      ...Object.entries(fields)
        .reverse()
        .flatMap(([key, value]) => [...dagCbor.encode(key), ...dagCbor.encode(value)]),
    ])
    expect(() => openShowRecord(shuffled, show, ann.publicKey, verify)).toThrow(/canonical|dag-cbor/)
  })

  test.each([
    ['no predecessor but not the first', { prev: null }],
    ['a negative number', { seq: -1 }],
    ['a segment larger than any', sized(9 * 1024 * 1024)],
    ['no duration', { durationMs: 0 }],
    ['an endless duration', { durationMs: Infinity }],
    ['a fraction of a byte', sized(1.5)],
    ['nothing to see', () => ({ renditions: [] })],
    ['the small one alone', () => ({ renditions: record.renditions.slice(1) })],
    ['the same twice', () => ({ renditions: [record.renditions[0]!, record.renditions[0]!] })],
    ['more renditions than any show has', () => ({ renditions: many(5) })],
    ['the version before', { v: 1 as never }],
  ])('with %s is not made', (_, change) => {
    const fields = typeof change === 'function' ? change() : change
    expect(() => sealShowRecord({ ...record, ...fields }, ann.sign)).toThrow()
  })

  test('has room for as many renditions as there may be', () => {
    const full = { ...record, renditions: many(4) }
    const bytes = sealShowRecord(full, ann.sign)
    expect(bytes.length).toBeLessThan(MAX_RECORD_BYTES)
    expect(openShowRecord(bytes, show, ann.publicKey, verify)).toEqual(full)
    expectMutationsRefused(bytes, (mutated) => openShowRecord(mutated, show, ann.publicKey, verify), 1000)
  })

  test('with renditions that are not as they must be is refused, though signed', () => {
    const open = (renditions: unknown): unknown => {
      const fields = dagCbor.decode<Record<string, unknown>>(sealShowRecord(record, ann.sign))
      delete fields['sig']
      return openShowRecord(
        sealRecord('we-studio/segment-record/2', { ...fields, renditions }, ann.sign),
        show,
        ann.publicKey,
        verify,
      )
    }
    const links = record.renditions.map((one) => ({
      ...one,
      cid: CID.parse(one.cid),
      initCid: CID.parse(one.initCid),
    }))
    expect(open(links)).toEqual(record)
    const [source, small] = links
    for (const wrong of [
      [],
      [small, source],
      [source, source],
      [source, { ...small, id: 'Small' }],
      [source, { ...small, extra: 1 }],
      [source, { ...small, cid: CID.parse(show) }],
      [source, { ...small, size: 0 }],
      [source, small, ...['a', 'b', 'c'].map((id) => ({ ...small, id }))],
      { 0: source },
      'source',
    ]) {
      expect(() => open(wrong)).toThrow(expect.objectContaining({ fault: 'malformed' }) as Error)
    }
  })

  test('of another version is refused as that, a manifest too', () => {
    const other = expect.objectContaining({ fault: 'other-version' }) as Error
    const old = sealRecord('we-studio/segment-record/1', { v: 1, seq: 7 }, ann.sign)
    expect(() => openShowRecord(old, show, ann.publicKey, verify)).toThrow(other)
    const oldManifest = sealRecord('we-studio/show-manifest/1', { v: 1, peerId: ann.peerId }, ann.sign)
    expect(() => openManifest(oldManifest, verify)).toThrow(other)
  })

  test('the final one holds only its place', () => {
    const final = { v: 2 as const, show, seq: 8, t: record.t, prev: record.prev, final: true as const }
    expect(openShowRecord(sealShowRecord(final, ann.sign), show, ann.publicKey, verify)).toEqual(final)
  })

  test('too large is refused before it is read', () => {
    expect(() => openShowRecord(new Uint8Array(MAX_RECORD_BYTES + 1), show, ann.publicKey, verify)).toThrow(/limit/)
  })
})

describe('a sign of life', () => {
  test('comes back, and only for its show and author', async () => {
    const alive = { v: 1 as const, show, t: record.t, state: 'live' as const }
    const bytes = sealAlive(alive, ann.sign)
    expect(openAlive(bytes, show, ann.publicKey, verify)).toEqual(alive)
    const other = await cidOf(0x71, 'other show')
    expect(() => openAlive(bytes, other, ann.publicKey, verify)).toThrow(RecordRefused)
    expect(() => openAlive(bytes, show, eve.publicKey, verify)).toThrow(RecordRefused)
    expectMutationsRefused(bytes, (mutated) => openAlive(mutated, show, ann.publicKey, verify), 500)
  })
})
