import { generateKeyPairSync } from 'node:crypto'
import { encode, prepare } from '@ipld/dag-pb'
import type { Stream } from '@libp2p/interface'
import { UnixFS } from 'ipfs-unixfs'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { ZodError } from 'zod'
import { describe, expect, it } from 'vitest'
import { StudioError } from '@shared/errors'
import { decodeGiftLine, encodeGiftLine, GiftLineRefused } from '@shared/gifts/gift-line'
import { TestAccount } from '@shared/gifts/gift-test-kit'
import { decodeBlock, encodeBlock } from '@shared/ledger/block'
import { BlockError } from '@shared/ledger/block-error'
import { LedgerRequest, MAX_LEDGER_FRAME_BYTES, readCbor, SubmitAnswer, writeCbor } from '@shared/ledger/ledger-request'
import { decodeRelayedFrame, encodeGroupFrame, encodeManifestFrame, encodeRecordFrame } from '@shared/live/relayed-show'
import { openShowRecord, sealShowRecord } from '@shared/live/segment-record'
import { openAlive, sealAlive } from '@shared/live/show-alive'
import { openManifest, sealManifest, type ShowManifest } from '@shared/live/show-manifest'
import { RecordRefused } from '@shared/live/signed-record'
import { streamPart } from '@shared/media/fmp4-writer'
import { readFragment, readFragmentStart } from '@shared/media/fragment-units'
import { BatchReader } from '@shared/mesh/batch-reader'
import { MeshFault } from '@shared/mesh/byte-reader'
import { encodeItems, type MeshItem } from '@shared/mesh/mesh-item'
import { decodeControl, encodeControl, type ControlFrame } from '@shared/mesh/mesh-wire'
import { decodeStripeFrame, frameBody, StripeFrameReader } from '@shared/mesh/piece'
import { fuzz } from '../platform/testing/fuzz'
import { rawCid, recordCid } from './content-id'
import { ed25519Signer } from '../platform/ed25519'
import { FramedStream } from './framed-stream'
import { encodeFrame, FrameFault, FrameReader, type LiveFrame } from './live-frame'
import { ChunkSealer } from './mesh/chunk-sealer'
import { parseStripeGreeting, stripeGreeting } from './mesh/stripe-greeting'
import { KEPT_LINES } from './room-gifts'
import { decodeHistory, encodeHistory } from './room-gifts-history'
import { encodeListing, ShowDirectory } from './show-directory'
import { BlockFrameFault, BlockFrameReader, encodeBlockFrame, encodeBlockHead } from './storage/block-frame'
import { decodeFileNode, DAG_PB_CODEC } from './storage/file-node'
import { YamuxFault, YamuxReader } from './yamux-reader'

const of =
  (...kinds: (abstract new (...how: never[]) => Error)[]) =>
  (error: unknown): boolean =>
    kinds.some((kind) => error instanceof kind)
const never = (): boolean => false

const { privateKey } = generateKeyPairSync('ed25519')
const raw = (field: 'd' | 'x'): Uint8Array =>
  new Uint8Array(Buffer.from(privateKey.export({ format: 'jwk' })[field] ?? '', 'base64url'))
const sign = ed25519Signer(Buffer.concat([raw('d'), raw('x')]))
const peerId = base58btc.baseEncode(Buffer.concat([Uint8Array.of(0, 0x24, 8, 1, 0x12, 0x20), raw('x')]))
/** Every signature holds: what lies behind it must stand too. */
const trusting = (): boolean => true
const OTHER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'
const NOW = 1_795_363_172_225

const manifest: ShowManifest = {
  ...{ v: 2, peerId, title: 'Fünf Minuten', category: 'Talk', startedAt: NOW, width: 1280, height: 720, fps: 29.97 },
  mimeType: 'video/mp4; codecs="avc1.64001f,mp4a.40.2"',
  renditions: [{ id: 'source', width: 1280, height: 720, kbps: 3500, codecs: 'avc1.64001f,mp4a.40.2' }],
  nonce: new Uint8Array(16).fill(7),
}
const signedManifest = sealManifest(manifest, sign)
const show = recordCid(signedManifest).toString()
const media = rawCid(Uint8Array.of(3)).toString()
const signedRecord = sealShowRecord(
  {
    ...{ v: 2, show, seq: 0, t: NOW, prev: null, durationMs: 500 },
    renditions: [{ id: 'source', initCid: media, initSize: 1300, cid: media, size: 250_000 }],
  },
  sign,
)
const signedAlive = sealAlive({ v: 1, show, t: NOW, state: 'live', relays: ['http://127.0.0.1:8080/live/a.we'] }, sign)
const ITEMS: MeshItem[] = [
  {
    t: 'config',
    config: {
      id: 3,
      width: 1280,
      height: 720,
      fps: 30,
      avcC: Uint8Array.of(1, 100, 0, 31),
      asc: Uint8Array.of(17, 144),
    },
  },
  {
    t: 'unit',
    unit: { track: 'picture', configId: 3, slot: 7, key: true, data: new Uint8Array(900).fill(7), capturedAt: NOW },
  },
  { t: 'unit', unit: { track: 'sound', configId: 3, frame: 99, data: new Uint8Array(256).fill(9) } },
  {
    t: 'segment',
    borders: { configId: 3, sequence: 12, slot: 165, endSlot: 180, soundFrame: 257, endSoundFrame: 281 },
    record: signedRecord,
  },
]
const layouts = [
  { k: 1, n: 1, listed: false },
  { k: 4, n: 5, listed: true },
]
const pieces = layouts.flatMap((layout) =>
  new ChunkSealer(show, sign, layout)
    .seal(ITEMS, 5, true)
    .flatMap(({ frames, list }) => [...frames, ...(list ? [list] : [])]),
)

describe('bytes of peers that mean no good are read or refused', () => {
  it('live frames', () => {
    const held = [{ record: signedRecord, holds: 3 }]
    const frames: LiveFrame[] = [
      { type: 'hello', version: 1, role: 'broadcaster', show: recordCid(signedManifest) },
      { type: 'manifest', bytes: signedManifest },
      { type: 'latest', records: [...held, ...held] },
      { type: 'announce', ...held[0]! },
      { type: 'want', id: 1, cid: rawCid(Uint8Array.of(2)) },
      { type: 'block', id: 3, offset: 16_000, data: new Uint8Array(300) },
      { type: 'no', id: 3, reason: 'busy' },
      { type: 'peers', addresses: ['/ip4/127.0.0.1/tcp/4001/p2p/' + OTHER] },
      { type: 'bye', reason: 'full' },
    ]
    const { inputs, refused } = fuzz(
      0.06,
      frames.map(encodeFrame),
      (input) => new FrameReader().push(input),
      of(FrameFault),
    )
    expect(refused).toBeGreaterThan(inputs / 10)
  })

  it('control frames of the mesh', () => {
    const frames: ControlFrame[] = [
      {
        type: 'message',
        message: {
          ...{ type: 'report' as const, slots: 7, gone: false, moved: [{ stripe: 2, parent: OTHER }] },
          lacking: [{ stripe: 31, rank: 1.25 }],
          blame: [{ stripe: 0, peer: OTHER, why: 'liar' }],
        },
      },
      {
        type: 'message',
        message: {
          ...{ type: 'assign' as const, room: 70_000, grow: true, others: [OTHER] },
          places: [{ stripe: 3, parent: OTHER, standby: null, inner: true, displaces: OTHER, to: null }],
        },
      },
      { type: 'message', message: { type: 'redirect', to: [OTHER] } },
      { type: 'message', message: { type: 'pull', stripe: 0, from: 100, until: 611 } },
      { type: 'message', message: { type: 'vouch', stripe: 0, served: false, slots: 12 } },
      { type: 'receipts', receipts: [{ stripe: 0, pieces: 8, late: 1 }] },
      { type: 'ping', token: 1 },
    ]
    fuzz(1, frames.map(encodeControl), (input) => decodeControl(input), of(MeshFault))
  })

  it('pieces, greetings and batches of the mesh', () => {
    fuzz(
      0.06,
      pieces,
      (input) => {
        for (const frame of new StripeFrameReader().push(input)) decodeStripeFrame(frameBody(frame))
      },
      of(MeshFault),
    )
    fuzz(0.02, [stripeGreeting(show, 3)], (input) => parseStripeGreeting(input), never)
    const chunk = { chunk: 0, start: true, end: true, key: true, timeMs: 5, length: 900, k: 1, n: 1 }
    fuzz(0.06, [encodeItems(ITEMS)], (bytes) => new BatchReader().push({ ...chunk, bytes }), of(MeshFault))
  })

  it('what a relay passes on (`.we`)', () => {
    const frames = [
      encodeManifestFrame(signedManifest),
      encodeGroupFrame(7),
      encodeRecordFrame(signedRecord),
      ...pieces,
    ]
    fuzz(
      0.04,
      frames,
      (input) => {
        for (const frame of new StripeFrameReader().push(input)) decodeRelayedFrame(frame)
      },
      of(MeshFault),
    )
  })

  it('signed records, even where every signature holds', () => {
    const refusal = of(RecordRefused)
    fuzz(0.05, [signedManifest], (input) => openManifest(input, trusting), refusal)
    fuzz(0.06, [signedRecord], (input) => openShowRecord(input, show, raw('x'), trusting), refusal)
    fuzz(0.03, [signedAlive], (input) => openAlive(input, show, raw('x'), trusting), refusal)
    const directory = new ShowDirectory(OTHER)
    fuzz(0.03, [encodeListing(signedManifest, signedAlive)], (input) => directory.take(input, NOW), never)
    expect(directory.lives().length).toBeLessThanOrEqual(1)
  })

  it('segments that hash as they should', () => {
    const part = {
      sequence: 4,
      slot: 80,
      pictures: [{ data: Uint8Array.of(0, 0, 0, 2, 9, 1), slots: 1 }],
      soundFrame: 9,
    }
    const bytes = streamPart({ ...part, sound: [Uint8Array.of(1, 2, 3)] })
    fuzz(
      0.04,
      [bytes],
      (input) => {
        readFragment(input)
        readFragmentStart(input, 1)
      },
      of(StudioError),
    )
  })

  it('blocks of files', () => {
    const cid = rawCid(Uint8Array.of(2))
    const samples = [
      encodeBlockFrame({ type: 'have', id: 1, cid }),
      encodeBlockFrame({ type: 'has', id: 1, holding: 'part' }),
      encodeBlockFrame({ type: 'want', id: 2, cid }),
      encodeBlockFrame({ type: 'no', id: 2, reason: 'busy' }),
      Buffer.concat([encodeBlockHead(3, 300, 0, 300), Buffer.alloc(300), encodeBlockFrame({ type: 'cancel', id: 3 })]),
    ]
    const push = (input: Buffer): void => {
      let got = 0
      const reader = new BlockFrameReader({
        onFrame: () => undefined,
        onData: (_, __, ___, data) => (got += data.length),
      })
      reader.push(input)
      if (got > input.length) throw new Error('more than was sent')
    }
    fuzz(0.05, samples, push, of(BlockFrameFault))
    const entry = new UnixFS({ type: 'file', blockSizes: [300n, 7n] })
    const links = [1, 2].map((at) => ({ Name: '', Hash: rawCid(Uint8Array.of(at)), Tsize: 300 }))
    const branch = encode(prepare({ Data: entry.marshal(), Links: links }))
    const leaf = encode(prepare({ Data: new UnixFS({ type: 'file', data: new Uint8Array(40) }).marshal(), Links: [] }))
    const node = CID.createV1(DAG_PB_CODEC, cid.multihash)
    fuzz(0.04, [branch, leaf], (input) => decodeFileNode(node, input), of(StudioError))
  })

  it('gifts and their history', () => {
    const ann = new TestAccount(1)
    const first = ann.gift(new TestAccount(2).address, { name: 'Ann', text: 'Bravo! 👏', time: 1_795_363_172 })
    const lines = [first, ann.gift(new TestAccount(2).address, { giftId: 2, qty: 5, time: 1_795_363_180 }, first)]
    const wire = lines.map(encodeGiftLine)
    fuzz(0.04, wire, (input) => decodeGiftLine(input), of(GiftLineRefused))
    const history = (input: Buffer): void => {
      const read = decodeHistory(input)
      if (read.length > KEPT_LINES) throw new Error('more lines than are kept')
    }
    fuzz(0.03, [encodeHistory(wire), encodeHistory([])], history, never)
  })

  it('blocks and requests of ledgers, and the stream that brings them', () => {
    const hash = new Uint8Array(32).fill(5)
    const header = {
      v: 1 as const,
      c: 7,
      n: 3,
      t: 1_795_363_172,
      p: hash,
      x: hash,
      r: hash,
      g: 21_000,
      b: hash.subarray(12),
    }
    const block = encodeBlock({ header, transactions: [new Uint8Array(120)], signatures: [new Uint8Array(65)] })
    fuzz(0.04, [block], (input) => decodeBlock(input), of(BlockError))
    const requests: LedgerRequest[] = [
      { q: 'blocks', l: hash, from: 2, limit: 256 },
      { q: 'submit', l: hash, tx: new Uint8Array(120), hops: 1 },
    ]
    const isPlain = (error: unknown): boolean =>
      error instanceof ZodError || (error as Error).message.startsWith('CBOR')
    fuzz(0.02, requests.map(writeCbor), (input) => readCbor(LedgerRequest, input), isPlain)
    fuzz(0.01, [writeCbor({ hash: '0x' + 'a'.repeat(64) })], (input) => readCbor(SubmitAnswer, input), isPlain)
    const framed = Buffer.concat([Buffer.of(0, 0, 0, block.length), block, Buffer.alloc(4)])
    fuzz(
      0.02,
      [framed],
      (input) => {
        const heard = new Map<string, (event: { data: Uint8Array }) => void>()
        const stream = {
          addEventListener: (name: string, hear: () => void) => heard.set(name, hear),
          abort: () => heard.clear(),
        }
        let got = 0
        new FramedStream(stream as unknown as Stream, MAX_LEDGER_FRAME_BYTES, {
          onFrame: (frame) => (got += frame.length),
          onClose: () => undefined,
        })
        for (let at = 0; at < input.length; at += 50) heard.get('message')?.({ data: input.subarray(at, at + 50) })
        if (got > input.length) throw new Error('more than was sent')
      },
      never,
    )
  })

  it('a second request before the answer ends the stream, and what lies behind it harms nobody', () => {
    const heard = new Map<string, ((event: { data: Uint8Array }) => void)[]>()
    const fire = (name: string, data = new Uint8Array(0)): void => heard.get(name)?.forEach((hear) => hear({ data }))
    const stream = {
      addEventListener: (name: string, hear: () => void) => heard.set(name, [...(heard.get(name) ?? []), hear]),
      abort: () => fire('close'),
    }
    const requests: number[] = []
    const asked = new FramedStream(stream as unknown as Stream, MAX_LEDGER_FRAME_BYTES, {
      onFrame: ({ length }) => {
        requests.push(length)
        if (requests.length === 2) asked.abort('one request at a time')
      },
      onClose: () => undefined,
    })
    fire('message', Uint8Array.of(0, 0, 0, 1, 7, 0, 0, 0, 1, 7, 0, 0, 0, 1, 7, 0, 0, 0, 1))
    expect(requests).toEqual([1, 1])
    expect(asked.closed).toBe(true)
  })

  it('frames of the muxer, before anybody knows whose they are', () => {
    const head = (type: number, flag: number, id: number, length: number): Buffer => {
      const bytes = Buffer.from([0, type, 0, flag, 0, 0, 0, id, 0, 0, 0, 0])
      bytes.writeUInt32BE(length, 8)
      return bytes
    }
    const body = Buffer.alloc(70, 3)
    const samples = [
      Buffer.concat([head(1, 1, 3, 0), head(0, 0, 1, body.length), body, head(0, 4, 1, 0)]),
      Buffer.concat([head(2, 1, 0, 7), head(0, 1, 5, body.length), body, head(0, 0, 9, 20), body.subarray(50)]),
    ]
    fuzz(
      0.04,
      samples,
      (input) => {
        let got = 0
        const window = { recvWindow: 4096, recvWindowCapacity: 4096 }
        const stream = { streamId: 1, readStatus: 'readable', ...window, sendWindowUpdate: () => undefined }
        const reader = new YamuxReader({ streams: [stream], handleFrame: ({ data }) => (got += data?.byteLength ?? 0) })
        const cut = input.length >> 1
        reader.push(input.subarray(0, cut))
        reader.push(input.subarray(cut), true)
        if (got > input.length) throw new Error('more than was sent')
      },
      of(YamuxFault),
    )
  })
})
