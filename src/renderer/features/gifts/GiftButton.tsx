import { Gift } from 'lucide-react'
import { IconButton } from '@/ui/IconButton'
import { useGifts } from './gift-store'

/** Opens the drawer of gifts; not there where a live takes none. */
export function GiftButton({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const takes = useGifts(({ viewer }) => viewer !== null && viewer.readiness.state !== 'none')
  if (!takes) return null
  return (
    <IconButton label="Gifts" shortcut="g" variant="glass" aria-pressed={open} aria-expanded={open} onClick={onToggle}>
      <Gift size={18} />
    </IconButton>
  )
}
