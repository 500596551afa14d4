import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from '@/ui/IconButton'
import { useStudio } from './studio-store'

const SEEN_KEY = 'hint.go-live.seen'

/** One sentence for the first visit, gone once it was closed or a live was started. */
export function FirstHint() {
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN_KEY) !== null)
  const open = useStudio((state) => state.source.state === 'open')

  useEffect(
    () =>
      useStudio.subscribe(({ live }) => {
        if (live.state !== 'live') return
        localStorage.setItem(SEEN_KEY, '1')
        setSeen(true)
      }),
    [],
  )
  if (seen || !open) return null

  const dismiss = (): void => {
    localStorage.setItem(SEEN_KEY, '1')
    setSeen(true)
  }
  return (
    <div className="first-hint">
      <p className="first-hint__text">Give your live a title and press Go live. Nobody sees you before that.</p>
      <IconButton label="Got it" className="button--small" onClick={dismiss}>
        <X size={15} />
      </IconButton>
    </div>
  )
}
