import { alertPlace, type AlertMotion } from '@shared/media/gift-alert'
import { studioClient } from '@/app/studio-client'
import { useScenes } from '@/features/studio/scene/scene-store'
import { bannerPicture, giftPicture } from './alert-pictures'
import type { ArtKey } from './art/GiftArt'
import { SHOW_MS, type GiftEvent } from './gift-event'
import { COMBO_MS } from './gift-queue'
import { listenToStudio } from './gift-store'

/** How large gifts move; the others pop up. */
const MOTIONS: Partial<Record<ArtKey, AlertMotion>> = {
  ...{ 'sports-car': 'cross', yacht: 'cross', plane: 'climb', rocket: 'climb', castle: 'rise', fireworks: 'rise' },
}
/** Alerts whose pictures are being made; a flood beyond it is seen in the banners of those. */
const MOST_AT_ONCE = 8

let making = 0
const combos = new Map<string, { count: number; until: number }>()

/** Draws the gifts of the own live into its picture, wherever the shown scene has a place for them. */
export function startBroadcastAlerts(): void {
  listenToStudio((event) => {
    if (alertPlace(useScenes.getState().scenes) === null) return
    void drawAlert(event).catch((error: unknown) => console.error('a gift was not drawn into the picture', error))
  })
}

/** Draws one gift into the picture. Rejects when main or the media engine cannot be asked. */
export async function drawAlert(event: GiftEvent): Promise<void> {
  const key = `${event.payer}/${event.giftId}`
  const count = counted(key, event.qty)
  if (making >= MOST_AT_ONCE) return
  making += 1
  try {
    const [gift, banner] = await Promise.all([giftPicture(event), bannerPicture(event, count)])
    await studioClient().scenes.showAlert({
      ...{ key, gift, banner, motion: MOTIONS[event.gift] ?? 'pop', showMs: SHOW_MS[event.gift] },
      worth: Number(event.amountWei / 10n ** 15n),
    })
  } finally {
    making -= 1
  }
}

/** Pieces in the combo with these. */
function counted(key: string, qty: number): number {
  const now = performance.now()
  for (const [other, { until }] of combos) if (until < now) combos.delete(other)
  const count = (combos.get(key)?.count ?? 0) + qty
  combos.set(key, { count, until: now + COMBO_MS })
  return count
}
