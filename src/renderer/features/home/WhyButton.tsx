import { Info } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { Why } from '@shared/community/for-you'
import { usePerson } from '@/features/channel/person-store'
import { IconButton } from '@/ui/IconButton'
import { whyParts, whyWords } from './home-words'

interface WhyButtonProps {
  why: Why
  account: string
  variant?: 'quiet' | 'glass'
}

/** Says why something was recommended, and what each reason counted for. */
export function WhyButton({ why, account, variant = 'quiet' }: WhyButtonProps) {
  const [open, setOpen] = useState(false)
  const { name } = usePerson(account)
  const root = useRef<HTMLSpanElement>(null)
  const id = useId()
  const parts = whyParts(why)

  useEffect(() => {
    if (!open) return
    const away = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setOpen(false)
    }
    window.addEventListener('pointerdown', away)
    window.addEventListener('keydown', escape, { capture: true })
    return () => {
      window.removeEventListener('pointerdown', away)
      window.removeEventListener('keydown', escape, { capture: true })
    }
  }, [open])

  return (
    <span ref={root} className="why">
      <IconButton
        label="Why am I seeing this?"
        variant={variant}
        align="end"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Info size={16} />
      </IconButton>
      {open && (
        <span id={id} className="why__panel" role="status">
          <strong>{whyWords(why, name)}</strong>
          {parts.length > 1 && (
            <span className="why__parts">
              {parts.map(({ words, share }) => (
                <span key={words} className="why__part" style={{ '--share': `${Math.round(share * 100)}%` }}>
                  <span>{words}</span>
                  <span className="tabular">{Math.round(share * 100)} %</span>
                </span>
              ))}
            </span>
          )}
          <span className="why__note">Worked out on this computer. Nobody else has what you watched.</span>
        </span>
      )}
    </span>
  )
}
