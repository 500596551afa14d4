import { useEffect, useState } from 'react'
import { GiftDrawer } from './GiftDrawer'
import { listenToWatched, useGifts } from './gift-store'
import { GiftOverlay } from './GiftOverlay'

/** Gifts over the watched picture: what is given, and the drawer. */
export function WatchGifts({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const takes = useGifts(({ viewer }) => viewer !== null && viewer.readiness.state !== 'none')
  return (
    <>
      <GiftOverlay listen={listenToWatched} />
      {takes && open && <GiftDrawer onClose={onToggle} />}
    </>
  )
}

/** Whether the drawer is open; the key g opens and closes it while the page is in front. */
export function useGiftDrawer(visible: boolean): [open: boolean, toggle: () => void] {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (!visible) return
    const onKeyDown = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey } = event
      if (ctrlKey || metaKey || altKey) return
      if (target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')) return
      if (target instanceof HTMLElement && target.closest('dialog') !== null) return // Escape closes that, not this
      if (key === 'g') setOpen((before) => !before)
      else if (key === 'Escape') setOpen(false)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [visible])
  return [open, () => setOpen(!open)]
}
