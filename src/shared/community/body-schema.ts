import type { z } from 'zod'
import { KeyGrantBody, KeyRevokeBody } from './bodies/keys'
import { FeedDefBody, LabelBody, ListBody, ReportBody } from './bodies/moderation'
import { ChannelBody, ProfileBody, StatDayBody, WatchBody } from './bodies/people'
import {
  CommentBody,
  DelBody,
  FollowBody,
  GiftBody,
  LikeBody,
  PurchaseBody,
  RepostBody,
  ShareBody,
} from './bodies/reactions'
import { AppManifestBody, ChatBody, DmKeyPackageBody, RoomBody } from './bodies/rooms'
import {
  AdCampaignBody,
  AdReceiptBody,
  ClipBody,
  LiveBody,
  PlaylistBody,
  SegBatchBody,
  VideoBody,
} from './bodies/videos'

/** Every kind of entry whose body this version understands (community 4). */
export const BODY_SCHEMAS = {
  profile: ProfileBody,
  channel: ChannelBody,
  video: VideoBody,
  live: LiveBody,
  segbatch: SegBatchBody,
  like: LikeBody,
  follow: FollowBody,
  repost: RepostBody,
  playlist: PlaylistBody,
  comment: CommentBody,
  share: ShareBody,
  gift: GiftBody,
  purchase: PurchaseBody,
  watch: WatchBody,
  chat: ChatBody,
  room: RoomBody,
  clip: ClipBody,
  del: DelBody,
  label: LabelBody,
  list: ListBody,
  report: ReportBody,
  'app.manifest': AppManifestBody,
  'feed.def': FeedDefBody,
  'ad.campaign': AdCampaignBody,
  'ad.receipt': AdReceiptBody,
  'dm.keypackage': DmKeyPackageBody,
  'key.grant': KeyGrantBody,
  'key.revoke': KeyRevokeBody,
  'stat.day': StatDayBody,
} as const satisfies Readonly<Record<string, z.ZodType>>

export type EntryKind = keyof typeof BODY_SCHEMAS
export type BodyOf<K extends EntryKind> = z.infer<(typeof BODY_SCHEMAS)[K]>

const BY_KIND: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(BODY_SCHEMAS))

/** The schema of a kind's body; undefined for kinds of later versions, which are kept and passed on, not shown. */
export function bodySchema(kind: string): z.ZodType | undefined {
  return BY_KIND.get(kind)
}
