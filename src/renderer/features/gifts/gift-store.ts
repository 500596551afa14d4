import type { CreatorGifts, ShownGift, ViewerGifts } from '@shared/gifts/gift-state'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { STANDARD_GIFTS } from '@shared/gifts/standard-gifts'
import { create } from 'zustand'
import type { ArtKey } from './art/GiftArt'
import type { GiftEvent } from './gift-event'

interface GiftState {
  /** Of the live that is watched; null: it takes none, or nothing is watched. */
  viewer: ViewerGifts | null
  creator: CreatorGifts | null
  /** The creator's dialog. */
  isOpen: boolean
}

export const useGifts = create<GiftState>()(() => ({ viewer: null, creator: null, isOpen: false }))

type Room = ShownGift['room']
const listeners: Record<Room, Set<(event: GiftEvent) => void>> = { watch: new Set(), studio: new Set() }

/** Tells of the gifts of one room; returns how to stop. The functions are stable, for effects. */
function listenTo(room: Room): (show: (event: GiftEvent) => void) => () => void {
  return (show) => {
    listeners[room].add(show)
    return () => listeners[room].delete(show)
  }
}
export const listenToWatched = listenTo('watch')
export const listenToStudio = listenTo('studio')

/** Which drawing to show; unknown ones and people's own designs are presents. */
export function artOf(key: string | null): ArtKey {
  return STANDARD_GIFTS.find((gift) => gift.key === key)?.key ?? 'own'
}

/** Where the picture of a gift is; null: it is drawn. */
export function imageOf({ key, mediaCid }: { key: string | null; mediaCid: string }): string | null {
  return key === null && /^[A-Za-z0-9]{46,120}$/.test(mediaCid) ? `media://file/${mediaCid}` : null
}

/** Joins the store to main, once. */
export async function startGifts(client: StudioClient): Promise<void> {
  client.gifts.viewerChanged((viewer) => useGifts.setState({ viewer }))
  client.gifts.creatorChanged((creator) => useGifts.setState({ creator }))
  client.gifts.shown(({ room, key, mediaCid, ...gift }) => {
    const event: GiftEvent = { ...gift, gift: artOf(key), imageUrl: imageOf({ key, mediaCid }) }
    for (const show of listeners[room]) show(event)
  })
  const [viewer, creator] = await Promise.all([client.gifts.getViewer(), client.gifts.getCreator()])
  useGifts.setState({ viewer, creator })
}
