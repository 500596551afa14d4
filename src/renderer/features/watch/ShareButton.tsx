import { Share2 } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useGifts } from '@/features/gifts/gift-store'
import { sharedWords } from '@/features/gifts/shared-words'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'

/** Copies a link to the watched live; it names who shares it where the creator gives a part for that. */
export function ShareButton({ url }: { url: string }) {
  const share = async (): Promise<void> => {
    const { app, gifts } = studioClient()
    const link = useGifts.getState().viewer === null ? null : await gifts.shareLink()
    await app.copyText(link?.url ?? url)
    useToasts.getState().show('info', sharedWords(link))
  }
  return (
    <IconButton label="Copy a link to share" variant="glass" onClick={() => void share().catch(tellProblem)}>
      <Share2 size={18} />
    </IconButton>
  )
}
