import { z } from 'zod'
import { FileCid } from '../community/body-fields'
import { ChannelText } from '../community/subject'
import { VideoDetails, VideoDraft } from '../publishing/video-draft'
import { invoke, notify } from './channel'

/** A picture for a profile or channel has at most so many bytes. */
export const MAX_PICTURE_BYTES = 1_000_000

const nothing = z.void()
const Draft = z.uuid()

/** Files that go to a channel: pictures at once, videos by drafts, which survive a restart. */
export const publishingSchema = {
  drafts: invoke(nothing, z.array(VideoDraft)),
  changed: notify(z.array(VideoDraft)),
  /** System dialog; the id of the new draft, null when cancelled. */
  choose: invoke(ChannelText, z.string().nullable()),
  /** The files that were dropped on the window last, each a draft; the id of the first, null when there was none. */
  fromDropped: invoke(ChannelText, z.string().nullable()),
  /** Of a file of the library. */
  fromLibrary: invoke(z.object({ channel: ChannelText, cid: FileCid, title: z.string().max(300) }), z.string()),
  /** Only a file that was saved by this run of the app. */
  fromRecording: invoke(z.object({ channel: ChannelText, path: z.string().max(4_096) }), z.string()),
  /** Kept at once. */
  setDetails: invoke(z.object({ id: Draft, details: VideoDetails }), nothing),
  setChannel: invoke(z.object({ id: Draft, channel: ChannelText }), nothing),
  /** Adds it to the files of this computer, says it to the channel's followers, and ends the draft. The entry's id. */
  publish: invoke(Draft, z.string()),
  /** Stops publishing; the draft stays. */
  stop: invoke(Draft, nothing),
  discard: invoke(Draft, nothing),
  /** A picture that the window has made, JPEG; its CID. */
  picture: invoke(
    z.object({
      name: z.string().max(80),
      jpeg: z.instanceof(Uint8Array).refine((data) => data.length <= MAX_PICTURE_BYTES),
    }),
    z.string(),
  ),
} as const
