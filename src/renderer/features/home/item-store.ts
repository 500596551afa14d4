import type { ItemCard } from '@shared/community/index-cards'
import { useEffect } from 'react'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { useCoverCheck } from '@/features/safety/cover-check'
import { useSettings } from '@/features/settings/settings-store'

/** As many as one call takes. */
const AT_ONCE = 100

interface Items {
  /** Null: gone, or not to be shown any more. Missing: never read. */
  items: Readonly<Record<string, ItemCard | null>>
  /** Veiled ones that the person wants to see. */
  unveiled: ReadonlySet<string>
  unveil: (id: string) => void
}

/** Videos and lives as last read, for all lists and the player. */
export const useItems = create<Items>()((set) => ({
  items: {},
  unveiled: new Set(),
  unveil: (id) => set(({ unveiled }) => ({ unveiled: new Set(unveiled).add(id) })),
}))

export function keepItems(cards: readonly ItemCard[]): void {
  useItems.setState(({ items }) => ({
    items: { ...items, ...Object.fromEntries(cards.map((card) => [card.id, card])) },
  }))
}

/** Reads these anew; what does not come back is gone. */
export async function refreshItems(ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE)
    const found = await studioClient().home.items(some)
    useItems.setState(({ items }) => ({
      items: {
        ...items,
        ...Object.fromEntries(some.map((id) => [id, null])),
        ...Object.fromEntries(found.map((card) => [card.id, card])),
      },
    }))
  }
}

/** Of a card that is shown. */
export function useItem(id: string): ItemCard | null {
  return useItems((state) => state.items[id] ?? null)
}

/** Why something is veiled: by its author, by somebody whose word is heeded, or by this computer's look at its cover. */
export interface Veiled {
  readonly label: string
  readonly by: 'author' | 'labeler' | 'cover'
}

/** Null: not veiled, or the person has asked to see it. */
export function useVeiled(card: ItemCard | null): Veiled | null {
  const asked = useItems((state) => card !== null && state.unveiled.has(card.id))
  const isChecking = useSettings((state) => state.settings.checkCovers)
  const cover = card?.body.thumb
  const found = useCoverCheck((state) => (cover === undefined ? null : (state.labels.get(cover) ?? null)))
  const check = useCoverCheck((state) => state.check)
  const wanted = isChecking && card?.veil === null && cover !== undefined
  useEffect(() => {
    if (wanted) check(cover)
  }, [wanted, cover, check])
  if (card === null || asked) return null
  if (card.veil !== null) return { label: card.veil.label, by: card.veil.by === card.account ? 'author' : 'labeler' }
  return isChecking && found !== null ? { label: found, by: 'cover' } : null
}
