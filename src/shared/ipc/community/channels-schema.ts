import { z } from 'zod'
import { Account } from '../../community/body-fields'
import { ChannelBody, ProfileBody } from '../../community/bodies/people'
import { LiveBody, VideoBody } from '../../community/bodies/videos'
import type { ChannelCard, FollowerCard, ItemCard, Page, PersonCard } from '../../community/index-cards'
import { ChannelText, FollowableText } from '../../community/subject'
import { invoke } from '../channel'

/** Channels and the people behind them. */
export const channelsSchema = {
  /** Asks peers for what is new of the account, too; `community.changed` tells when it has come. */
  person: invoke(Account, z.custom<PersonCard | null>()),
  /** Names and pictures of many at once, of those that are known. */
  people: invoke(z.array(Account).max(200), z.custom<PersonCard[]>()),
  channel: invoke(ChannelText, z.custom<ChannelCard | null>()),
  channelsOf: invoke(Account, z.custom<ChannelCard[]>()),
  items: invoke(z.object({ channel: ChannelText, after: z.string().max(60).nullable() }), z.custom<Page<ItemCard>>()),
  /** Whoever says in public that they follow a person or a channel, newest first, as far as it is known here. */
  followers: invoke(
    z.object({ subject: FollowableText, after: z.string().max(80).nullable() }),
    z.custom<Page<FollowerCard>>(),
  ),
  saveProfile: invoke(ProfileBody, z.void()),
  /** Makes the channel of this slug or changes it. */
  saveChannel: invoke(ChannelBody, z.void()),
  /** The id of the video; its files are published already. */
  publishVideo: invoke(VideoBody, z.string()),
  /** The id of the live; `edits` says how it goes on. */
  publishLive: invoke(LiveBody, z.string()),
} as const
