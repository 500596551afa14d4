import { useEffect } from 'react'
import type { GiftEvent } from '@/features/gifts/gift-event'
import { joinRoom, lookAtRoom, putGift, useRooms, type RoomView } from './room-store'

/**
 * A room that is open while the component is there; null: it is not open yet.
 * @param listen tells of the gifts of the live that the room is of
 */
export function useRoom(
  room: string | null,
  isInFront: boolean,
  listen: (show: (event: GiftEvent) => void) => () => void,
): RoomView | null {
  useEffect(() => (room === null ? undefined : joinRoom(room)), [room])
  useEffect(() => (room === null ? undefined : listen((event) => putGift(room, event))), [room, listen])
  useEffect(() => (room === null || !isInFront ? undefined : lookAtRoom(room)), [room, isInFront])
  return useRooms(({ rooms }) => (room === null ? null : (rooms[room] ?? null)))
}
