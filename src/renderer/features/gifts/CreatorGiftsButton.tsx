import { formatWe } from '@shared/money/we-amount'
import { Gift } from 'lucide-react'
import { Button } from '@/ui/Button'
import { minutesWords } from './minutes-words'
import { useGifts } from './gift-store'

/** Opens the creator's gifts; says what came in, or the minutes before and while one is live. */
export function CreatorGiftsButton({ live }: { live: boolean }) {
  const creator = useGifts((state) => state.creator)
  const words =
    creator?.readiness.state !== 'ready'
      ? 'Gifts'
      : live && creator.totalWei > 0n
        ? `${formatWe(creator.totalWei)} WE`
        : `Gifts · ${minutesWords(creator.packets)}`
  const isLow = creator !== null && live && creator.packets.leftMs !== null && creator.packets.phase !== 'running'
  return (
    <Button
      variant="quiet"
      className="creator-gifts-button"
      icon={<Gift size={16} />}
      title="Gifts of your viewers, and minutes of live"
      onClick={() => useGifts.setState({ isOpen: true })}
    >
      {words}
      {isLow && <span className="creator-gifts-button__low" aria-label="minutes are running out" />}
    </Button>
  )
}
