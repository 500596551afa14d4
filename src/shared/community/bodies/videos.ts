import { z } from 'zod'
import {
  BasisPoints,
  bytes,
  ChainId,
  Count,
  Digest,
  FileCid,
  Language,
  line,
  prose,
  Tag,
  TimeMs,
  Wei,
  Word,
} from '../body-fields'
import { ChannelText, EntryId, SubjectText } from '../subject'

const Side = z.int().min(16).max(16_384)

const Variant = z.strictObject({
  cid: FileCid,
  codec: z
    .string()
    .max(60)
    .regex(/^[\w.,-]+$/),
  w: Side,
  h: Side,
  /** Bits a second. */
  br: z.int().min(1).max(1_000_000_000),
  /** Bytes. */
  size: Count,
})

/** `keyCommit` = sha256(content key); who holds the key gives it to whoever has paid (community 4). */
const Paid = z.strictObject({
  price: Wei,
  token: z.string().regex(/^0x[0-9a-f]{40}$/),
  chain: ChainId,
  keyCommit: Digest,
})

/** Of what an earlier entry of the same account and kind says: that entry's id. Likes and comments stay with the first. */
const edits = EntryId.optional()

/** A finished video. `dur` in milliseconds; `w`, `h` in pixels as shown. */
export const VideoBody = z.strictObject({
  channel: ChannelText,
  title: line(150),
  desc: prose(5_000),
  category: Word,
  tags: z.array(Tag).max(20),
  lang: Language.optional(),
  dur: z
    .int()
    .min(1)
    .max(7 * 86_400_000),
  w: Side,
  h: Side,
  variants: z.array(Variant).min(1).max(12),
  thumb: FileCid.optional(),
  captions: z.array(z.strictObject({ lang: Language, cid: FileCid })).max(30),
  sha256: Digest.optional(),
  /** 64-bit perceptual hash of the cover, 16 hex digits. */
  phash: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  /** What its author warns of: `nudity`, `violence`, `flashing` ... */
  warn: z.array(Word).max(10),
  licence: z
    .string()
    .max(60)
    .regex(/^[\w .+()-]+$/),
  made: z.strictObject({ app: line(60), filters: z.array(Word).max(20) }).optional(),
  paid: Paid.optional(),
  clipOf: SubjectText.optional(),
  edits,
})

/** A live: announced, running or over. */
export const LiveBody = z.strictObject({
  channel: ChannelText,
  /** Room of its chat: an id of its own, see RoomBody. */
  room: z
    .string()
    .max(90)
    .regex(/^[\w:/.-]+$/),
  title: line(150),
  desc: prose(2_000).optional(),
  category: Word,
  tags: z.array(Tag).max(20),
  lang: Language.optional(),
  status: z.enum(['planned', 'live', 'ended']),
  start: TimeMs,
  end: TimeMs.optional(),
  /** Ed25519 key that signs its segments. */
  segKey: Digest,
  topic: z
    .string()
    .max(120)
    .regex(/^[\w:/.-]+$/),
  rtmp: z
    .string()
    .max(300)
    .regex(/^rtmps?:\/\/[^\s]+$/)
    .optional(),
  thumb: FileCid.optional(),
  /** The video that it became. */
  recording: EntryId.optional(),
  warn: z.array(Word).max(10).optional(),
  edits,
})

/** Which segments a live had, a stretch at a time. */
export const SegBatchBody = z.strictObject({
  live: EntryId,
  seq: Count,
  cids: z.array(FileCid).min(1).max(400),
  sigRoot: Digest,
})

/** A stretch of a video or live as something of its own; milliseconds. */
export const ClipBody = z
  .strictObject({ s: SubjectText, from: Count, to: Count, title: line(150), thumb: FileCid.optional() })
  .refine(({ from, to }) => to > from && to - from <= 600_000)

export const PlaylistBody = z.strictObject({
  title: line(100),
  desc: prose(1_000),
  items: z.array(SubjectText).max(300),
  edits,
})

/** An advert that is paid out of an escrow. */
export const AdCampaignBody = z.strictObject({
  creative: FileCid,
  title: line(100),
  url: z
    .string()
    .max(300)
    .regex(/^(?:https|we):\/\/[^\s]+$/),
  tags: z.array(Tag).max(20),
  bid: Wei,
  escrowTx: Digest,
})

export const AdReceiptBody = z.strictObject({
  campaign: EntryId,
  day: z.string().regex(/^20\d\d-\d\d-\d\d$/),
  impressions: Count,
  share: BasisPoints.optional(),
  aggregate: bytes(2_000),
})
