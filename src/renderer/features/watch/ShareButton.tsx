import { Share2 } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { useGifts } from '@/features/gifts/gift-store'
import { sharedWords } from '@/features/gifts/shared-words'
import { openShare } from '@/features/share/share-store'
import { IconButton } from '@/ui/IconButton'

/** Shares the watched live; says what that earns where the creator gives a part for it. */
export function ShareButton({ url, title }: { url: string; title: string }) {
  const share = async (): Promise<void> => {
    const asked = useGifts.getState().viewer === null ? null : await studioClient().gifts.shareLink()
    openShare({ subject: url, title, note: sharedWords(asked) })
  }
  return (
    <IconButton
      label="Share"
      variant="glass"
      onClick={() => void share().catch(() => openShare({ subject: url, title }))}
    >
      <Share2 size={18} />
    </IconButton>
  )
}
