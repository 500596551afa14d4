import type { ChatLine, RoomState } from '@shared/community/room-state'
import type { RoomAct } from '@shared/ipc/community/rooms-schema'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import type { GiftEvent } from '@/features/gifts/gift-event'
import { addGift, type GiftLine, type OutgoingLine } from './chat-rows'
import { MAX_LINES, MAX_LINES_BACK, mergeLines, withoutLines } from './room-lines'

const HISTORY_AT_ONCE = 100
const MAX_GIFTS = 100
const MAX_OUTGOING = 20

/** A room that is open in this window. */
export interface RoomView {
  /** Null: it is being opened. */
  readonly state: RoomState | null
  readonly lines: readonly ChatLine[]
  readonly gifts: readonly GiftLine[]
  readonly outgoing: readonly OutgoingLine[]
  /** There may be earlier lines than the first one here. */
  readonly hasEarlier: boolean
  readonly isLoadingEarlier: boolean
  /** Somebody reads what was said before: the newest may not push it out. */
  readonly isReadingBack: boolean
  /** Lines of others since the room was looked at last. */
  readonly unseen: number
  /** Why it could not be opened, in words. */
  readonly problem: string | null
}

const OPENING: RoomView = {
  ...{ state: null, lines: [], gifts: [], outgoing: [], unseen: 0, problem: null },
  ...{ hasEarlier: false, isLoadingEarlier: false, isReadingBack: false },
}

interface Rooms {
  readonly rooms: Readonly<Record<string, RoomView>>
}

export const useRooms = create<Rooms>()(() => ({ rooms: {} }))

/** How many parts of the window show a room. */
const shown = new Map<string, number>()
/** How many of them are in front of the person. */
const inFront = new Map<string, number>()
let number = 0

function change(room: string, make: (view: RoomView) => Partial<RoomView>): void {
  const { rooms } = useRooms.getState()
  const view = rooms[room]
  if (view !== undefined) useRooms.setState({ rooms: { ...rooms, [room]: { ...view, ...make(view) } } })
}

/** Joins a room; returns how to leave it. It is left when the last part of the window has left. */
export function joinRoom(room: string): () => void {
  const count = shown.get(room) ?? 0
  shown.set(room, count + 1)
  if (count === 0) {
    useRooms.setState(({ rooms }) => ({ rooms: { ...rooms, [room]: OPENING } }))
    void openRoom(room)
  }
  return () => {
    const left = (shown.get(room) ?? 1) - 1
    if (left > 0) {
      shown.set(room, left)
      return
    }
    shown.delete(room)
    const others = Object.entries(useRooms.getState().rooms).filter(([name]) => name !== room)
    useRooms.setState({ rooms: Object.fromEntries(others) })
    studioClient()
      .rooms.leave({ room })
      .catch(() => undefined) // the engine restarts: it has left
  }
}

/** Opens the room, or opens it again after its engine had to restart. */
export async function openRoom(room: string): Promise<void> {
  change(room, () => ({ problem: null }))
  try {
    const { state, lines } = await studioClient().rooms.open({ room })
    change(room, (view) => ({ state, lines: bounded(view, lines), hasEarlier: lines.length > 0 }))
  } catch (error) {
    change(room, () => ({ problem: describeProblem(error).message }))
  }
}

/** Tells that a room is in front of the person; returns how to tell that it is not. */
export function lookAtRoom(room: string): () => void {
  inFront.set(room, (inFront.get(room) ?? 0) + 1)
  change(room, () => ({ unseen: 0 }))
  return () => inFront.set(room, Math.max(0, (inFront.get(room) ?? 1) - 1))
}

function bounded({ lines, isReadingBack }: RoomView, came: readonly ChatLine[]): readonly ChatLine[] {
  return mergeLines(lines, came).slice(-(isReadingBack ? MAX_LINES_BACK : MAX_LINES))
}

/** While somebody reads back nothing is dropped; back at the end the oldest go. */
export function readBack(room: string, isReadingBack: boolean): void {
  change(room, (view) =>
    view.isReadingBack === isReadingBack
      ? {}
      : {
          isReadingBack,
          lines: isReadingBack ? view.lines : view.lines.slice(-MAX_LINES),
          hasEarlier: view.hasEarlier || (!isReadingBack && view.lines.length > MAX_LINES),
        },
  )
}

/** Says something: it stands in the stream at once, and stays there with the reason when it is refused. */
export async function say(room: string, text: string, reply: ChatLine['reply'] = null): Promise<void> {
  number += 1
  const line: OutgoingLine = { key: `outgoing-${number}`, text, reply, at: Date.now(), problem: null }
  change(room, ({ outgoing }) => ({ outgoing: [...outgoing, line].slice(-MAX_OUTGOING) }))
  await send(room, line)
}

export async function retry(room: string, key: string): Promise<void> {
  const line = useRooms.getState().rooms[room]?.outgoing.find((one) => one.key === key)
  if (line === undefined) return
  change(room, ({ outgoing }) => ({
    outgoing: outgoing.map((one) => (one.key === key ? { ...one, problem: null } : one)),
  }))
  await send(room, line)
}

export function discard(room: string, key: string): void {
  change(room, ({ outgoing }) => ({ outgoing: outgoing.filter((one) => one.key !== key) }))
}

async function send(room: string, { key, text, reply }: OutgoingLine): Promise<void> {
  try {
    const said = await studioClient().rooms.say({ room, text, ...(reply === null ? {} : { reply: reply.id }) })
    change(room, (view) => ({
      outgoing: view.outgoing.filter((one) => one.key !== key),
      lines: bounded(view, [said]),
    }))
  } catch (error) {
    const problem = describeProblem(error).message
    change(room, ({ outgoing }) => ({
      outgoing: outgoing.map((one) => (one.key === key ? { ...one, problem } : one)),
    }))
  }
}

/** Fetches what was said before the first line that is here. */
export async function loadEarlier(room: string): Promise<void> {
  const view = useRooms.getState().rooms[room]
  const first = view?.lines[0]
  if (view === undefined || first === undefined || view.isLoadingEarlier || !view.hasEarlier) return
  change(room, () => ({ isLoadingEarlier: true, isReadingBack: true }))
  try {
    const { lines, more } = await studioClient().rooms.history({ room, before: first.at, limit: HISTORY_AT_ONCE })
    change(room, ({ lines: before }) => {
      const merged = mergeLines(before, lines)
      return { lines: merged, hasEarlier: more && merged.length < MAX_LINES_BACK }
    })
  } finally {
    change(room, () => ({ isLoadingEarlier: false }))
  }
}

/** What an owner or a moderator does. Rejects as `rooms.moderate`. */
export function moderate(room: string, act: RoomAct): Promise<void> {
  return studioClient().rooms.moderate({ room, act })
}

/** A gift that is seen in a live belongs to the talk of its room. */
export function putGift(room: string, event: GiftEvent): void {
  change(room, ({ gifts }) => ({ gifts: addGift(gifts, event, Date.now(), MAX_GIFTS) }))
}

/** Follows the rooms that are open. Once. */
export function startRooms(client: StudioClient): void {
  client.rooms.lines(({ room, lines }) =>
    change(room, (view) => {
      const known = new Set(view.lines.map(({ id }) => id))
      const isSeen = (inFront.get(room) ?? 0) > 0
      const fresh = lines.filter(({ id, mine }) => !mine && !known.has(id)).length
      return { lines: bounded(view, lines), unseen: isSeen ? 0 : view.unseen + fresh }
    }),
  )
  client.rooms.removed(({ room, ids }) => change(room, ({ lines }) => ({ lines: withoutLines(lines, ids) })))
  client.rooms.changed((state) => change(state.room, () => ({ state })))
  client.app.engineChanged(({ engine, state }) => {
    if (engine === 'community' && state === 'ready') for (const room of shown.keys()) void openRoom(room)
  })
}
