import * as dagCbor from '@ipld/dag-cbor'
import { z } from 'zod'
import { ZERO_ADDRESS, ZERO_BYTES32, type Bytes32 } from '../money/address'
import { sameBytes } from '../live/signed-record'
import { COMPACT_BYTES, recoverSigner } from './compact-signature'
import { designLine, type DesignTab } from './design-part'
import { nextChain, type GiftItem } from './gift-chain'
import { MAX_GIFT_NAME, MAX_GIFT_QTY, MAX_GIFT_TEXT } from './gift-limits'
import { bigToBytes, bytesToBig, bytesToHex, hexToBytes } from './hex-bytes'
import { plainWords } from './plain-words'
import { tabDigest, type Tab } from './tab'
import { MAX_COUNT, MAX_SHARER_BPS } from './tab-limits'

/**
 * [Note: Gift lines]
 * A gift travels as one small message: the item, the tab after it, the payer's signature, and the chain before it, so
 * that everybody can check by themselves that the gift is part of what was signed. Deterministic dag-cbor; the one
 * canonical form is accepted, so that equal gifts are equal bytes. The message names no network: the signature holds
 * only under the domain of the network that the room has named. With a gift of somebody's design comes the designer's tab
 * (note A designer's tab); of it the line says what does not follow from the rest.
 */
export interface GiftLine {
  item: GiftItem
  tab: Tab
  /** EIP-2098. */
  signature: Uint8Array
  /** `chain` of the tab before this gift; zero for the first. */
  before: Bytes32
  /** For who designed the gift; null: nobody has a part in it. */
  design: DesignTab | null
  /** What the giver calls themselves. Their word only. */
  name: string
  /** A few words that go with it; empty: none. Signed by nobody: shown as the giver's, trusted for nothing. */
  text: string
}

/** A real one has 330 to 700 bytes, and 150 more with a designer. */
export const MAX_GIFT_LINE_BYTES = 1_200

/** Why a line is not taken. */
export class GiftLineRefused extends Error {
  constructor(
    readonly fault: 'malformed' | 'wrong-chain' | 'wrong-signature',
    message: string,
  ) {
    super(message)
    this.name = 'GiftLineRefused'
  }
}

const bytes = (size: number) => z.instanceof(Uint8Array).refine((value) => value.length === size)

const Wire = z.strictObject({
  v: z.literal(1),
  p: bytes(20),
  c: bytes(20),
  s: bytes(20),
  b: z.int().min(0).max(MAX_SHARER_BPS),
  T: bytes(12),
  n: z.int().min(1).max(MAX_COUNT),
  h: bytes(32),
  z: bytes(COMPACT_BYTES),
  g: z.int().min(1).max(MAX_COUNT),
  q: z.int().min(1).max(MAX_GIFT_QTY),
  i: bytes(32),
  t: z.int().positive(),
  k: bytes(32),
  /** Designer, total, count, signature, and the chain before. */
  d: z
    .strictObject({
      a: bytes(20),
      T: bytes(12),
      n: z.int().min(1).max(MAX_COUNT),
      z: bytes(COMPACT_BYTES),
      k: bytes(32),
    })
    .optional(),
  w: plainWords(MAX_GIFT_NAME).optional(),
  x: plainWords(MAX_GIFT_TEXT).optional(),
})

/** The bytes that travel. Throws ZodError for a line outside its limits. */
export function encodeGiftLine({ item, tab, signature, before, design, name, text }: GiftLine): Uint8Array {
  const wire = Wire.parse({
    v: 1,
    p: hexToBytes(tab.payer),
    c: hexToBytes(tab.creator),
    s: hexToBytes(tab.sharer),
    b: tab.sharerBps,
    T: bigToBytes(tab.total, 12),
    n: tab.count,
    h: hexToBytes(tab.chain),
    z: signature,
    g: item.giftId,
    q: item.qty,
    i: hexToBytes(item.contentId),
    t: item.time,
    k: hexToBytes(before),
    ...(design === null ? {} : { d: wireDesign(design) }),
    ...(name === '' ? {} : { w: name }),
    ...(text === '' ? {} : { x: text }),
  })
  return dagCbor.encode(wire)
}

/** Reads the bytes of a peer; form and chain are checked, the signature is not. Throws GiftLineRefused. */
export function decodeGiftLine(data: Uint8Array): GiftLine {
  if (data.length > MAX_GIFT_LINE_BYTES) throw new GiftLineRefused('malformed', `${data.length} bytes`)
  let decoded: unknown
  try {
    decoded = dagCbor.decode(data)
  } catch {
    throw new GiftLineRefused('malformed', 'no dag-cbor')
  }
  const parsed = Wire.safeParse(decoded)
  if (!parsed.success) throw new GiftLineRefused('malformed', 'not the shape of a gift')
  if (!sameBytes(dagCbor.encode(parsed.data), data)) throw new GiftLineRefused('malformed', 'not in canonical form')
  const { p, c, s, b, T, n, h, z: signature, g, q, i, t, k, d, w, x } = parsed.data
  const line: GiftLine = {
    item: { giftId: g, qty: q, contentId: bytesToHex(i), time: t },
    tab: {
      payer: bytesToHex(p),
      creator: bytesToHex(c),
      sharer: bytesToHex(s),
      sharerBps: b,
      total: bytesToBig(T),
      count: n,
      chain: bytesToHex(h),
    },
    signature: signature.slice(),
    before: bytesToHex(k),
    design: null,
    name: w ?? '',
    text: x ?? '',
  }
  if ((n === 1) !== (line.before === ZERO_BYTES32))
    throw new GiftLineRefused('wrong-chain', 'a beginning in the middle')
  if (nextChain(line.before, line.item) !== line.tab.chain) {
    throw new GiftLineRefused('wrong-chain', 'the gift is not the last of its tab')
  }
  return d === undefined ? line : { ...line, design: readDesign(d, line) }
}

function wireDesign({ tab, signature, before }: DesignTab) {
  return {
    a: hexToBytes(tab.creator),
    T: bigToBytes(tab.total, 12),
    n: tab.count,
    z: signature,
    k: hexToBytes(before),
  }
}

/** The designer's tab of a line; its chain follows from the item, so it is the item's or the signature does not hold. */
function readDesign({ a, T, n, z: signature, k }: NonNullable<z.infer<typeof Wire>['d']>, line: GiftLine): DesignTab {
  const { payer, creator } = line.tab
  const [designer, before] = [bytesToHex(a), bytesToHex(k)]
  if ([payer, creator, ZERO_ADDRESS].includes(designer)) {
    throw new GiftLineRefused('malformed', 'a designer without a part')
  }
  if ((n === 1) !== (before === ZERO_BYTES32)) throw new GiftLineRefused('wrong-chain', 'a beginning in the middle')
  const head = { total: bytesToBig(T), count: n, chain: nextChain(before, line.item) }
  return { tab: { ...designLine(payer, designer, creator), ...head }, signature: signature.slice(), before }
}

/** Throws GiftLineRefused `wrong-signature` unless the payer signed the tab, and the designer's; about 2 ms each. */
export function requireTabSignature(
  separator: Bytes32,
  { tab, signature, design }: Pick<GiftLine, 'tab' | 'signature' | 'design'>,
): void {
  for (const each of design === null ? [{ tab, signature }] : [{ tab, signature }, design]) {
    if (recoverSigner(tabDigest(separator, each.tab), each.signature) !== tab.payer) {
      throw new GiftLineRefused('wrong-signature', 'not signed by the payer')
    }
  }
}
