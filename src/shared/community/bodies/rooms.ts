import { z } from 'zod'
import { Account, bytes, Digest, FileCid, line, prose, TimeMs, Word } from '../body-fields'
import { EntryId } from '../subject'

/** Name of a room: of a live, a channel (`chan:0x../slug`) or one of its own (`0x../name`). */
export const RoomName = z
  .string()
  .min(1)
  .max(90)
  .regex(/^[\w:/.-]+$/)

export const ChatBody = z.strictObject({
  room: RoomName,
  text: prose(1_000).refine((text) => text.trim() !== ''),
  reply: EntryId.optional(),
})

/**
 * How a room is kept. The newest record of the owner says who moderates; of the owner and the moderators each keeps one
 * (replace key: the room), and `mergeRoomRules` says what holds of them together.
 */
export const RoomBody = z.strictObject({
  room: RoomName,
  title: line(80).optional(),
  policy: z.enum(['open', 'followers', 'members', 'closed']),
  /** Seconds between two messages of one account; 0: no limit. */
  slow: z.int().min(0).max(3_600),
  membersOnly: z.boolean(),
  /** `at`: when it was said; left out: the time of the entry. */
  bans: z.array(z.strictObject({ account: Account, until: z.int().min(0).optional(), at: TimeMs.optional() })).max(300),
  /** Bans taken back, also those of others. */
  lifted: z
    .array(z.strictObject({ account: Account, at: TimeMs }))
    .max(300)
    .optional(),
  /** Lists (`list`) whose people are banned too: each is one version, whose id no other has. The owner's count. */
  banLists: z.array(EntryId).max(20).optional(),
  roles: z.array(z.strictObject({ account: Account, role: z.enum(['owner', 'mod', 'member']) })).max(300),
  /** In plain words, since every peer must be able to check them. */
  blockWords: z.array(line(60)).max(200),
  pinned: EntryId.optional(),
  rules: prose(2_000).optional(),
  /** When policy, slow mode, block words and pinned line were last changed; left out: the time of the entry. */
  set: TimeMs.optional(),
})
export type RoomBody = z.infer<typeof RoomBody>

/** An MLS key package (RFC 9420) by which others can write to this device. */
export const DmKeyPackageBody = z.strictObject({ suite: Word, package: bytes(8_000), hash: Digest.optional() })

const Cap = z.strictObject({ name: Word, reason: line(200), limits: z.array(line(200)).max(20).optional() })

/** A mini app (community 9). */
export const AppManifestBody = z.strictObject({
  id: Word,
  name: line(60),
  version: z
    .string()
    .max(30)
    .regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/),
  desc: prose(2_000),
  entry: FileCid,
  icon: FileCid.optional(),
  hash: Digest,
  minHost: z
    .string()
    .max(30)
    .regex(/^\d+\.\d+\.\d+$/),
  slots: z
    .array(z.enum(['home', 'room', 'player', 'composer', 'tool']))
    .min(1)
    .max(5),
  caps: z.array(Cap).max(20),
  price: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,77})$/)
    .optional(),
  revShareBps: z.int().min(0).max(10_000),
  contentRating: Word,
  locales: z.array(z.string().max(20)).max(60),
})
