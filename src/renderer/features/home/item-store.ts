import type { ItemCard } from '@shared/community/index-cards'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'

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

/** Whether the person has not asked yet to see what is veiled. */
export function useVeiled(card: ItemCard | null): boolean {
  const asked = useItems((state) => card !== null && state.unveiled.has(card.id))
  return card !== null && card.veil !== null && !asked
}
