import { z } from 'zod'
import { RoomName } from '../../community/bodies/rooms'
import { prose } from '../../community/body-fields'
import { EntryId } from '../../community/subject'
import { invoke } from '../channel'

/** A line of a room as it is shown. */
export interface RoomLine {
  readonly id: string
  readonly account: string
  readonly t: number
  readonly text: string
  readonly reply: string | null
}

/** Live chat. */
export const roomsSchema = {
  /** Joins; `lines`, `changed` and `removed` tell of it until `leave`. */
  open: invoke(RoomName, z.void()),
  leave: invoke(RoomName, z.void()),
  say: invoke(
    z.object({ room: RoomName, text: prose(1_000).refine((text) => text.trim() !== ''), reply: EntryId.optional() }),
    z.custom<RoomLine>(),
  ),
} as const
