import type { z } from 'zod'
import type { Handlers, Notify, Schema } from './channel'
import { actsSchema } from './community/acts-schema'
import { channelsSchema } from './community/channels-schema'
import { communityBaseSchema } from './community/community-schema'
import { forYouSchema } from './community/for-you-schema'
import { homeSchema } from './community/home-schema'
import { messagesSchema } from './community/messages-schema'
import { roomsSchema } from './community/rooms-schema'
import { safetySchema } from './community/safety-schema'
import { searchSchema } from './community/search-schema'

/** Groups that the community engine itself answers: main passes their calls and notifications on as they are. */
export const communitySchema = {
  community: communityBaseSchema,
  home: homeSchema,
  forYou: forYouSchema,
  acts: actsSchema,
  channels: channelsSchema,
  rooms: roomsSchema,
  messages: messagesSchema,
  search: searchSchema,
  safety: safetySchema,
} satisfies Schema

export type CommunitySchema = typeof communitySchema
export type CommunityHandlers = Handlers<CommunitySchema>

/** Tells the window something. */
export type CommunityTell = <G extends keyof CommunitySchema, C extends keyof CommunitySchema[G] & string>(
  group: G,
  name: C,
  payload: CommunitySchema[G][C] extends Notify<infer P extends z.ZodType> ? z.input<P> : never,
) => void
