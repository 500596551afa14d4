import type { QualityChoice } from '@shared/live/rendition'
import { Check, ChevronUp } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useSettings } from '@/features/settings/settings-store'
import { useWatch } from './watch-store'
import './quality-menu.css'

/** In which size the live is watched; not there while it comes in one size alone. The choice is kept for other lives. */
export function QualityMenu() {
  const stats = useWatch((state) => state.stats)
  const quality = useSettings((state) => state.settings.watchQuality)
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    const items = box.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? []
    ;([...items].find((item) => item.ariaChecked === 'true') ?? items[0])?.focus()
    const onPointerDown = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    window.addEventListener('pointerdown', onPointerDown)
    return () => window.removeEventListener('pointerdown', onPointerDown)
  }, [open])

  const renditions = stats?.renditions ?? []
  if (renditions.length < 2) return null
  const playing = renditions.find((one) => one.id === stats?.rendition)
  const choices: readonly { id: QualityChoice; name: string; hint: string }[] = [
    { id: 'auto', name: 'Auto', hint: 'As your line allows' },
    ...renditions.map((one) => ({ id: one.id, name: `${one.height}p`, hint: `${one.width}x${one.height}` })),
  ]
  const chosen = choices.find((choice) => choice.id === quality) ?? choices[0]!
  const size = playing === undefined ? '' : `${playing.height}p`
  const face = chosen.id === 'auto' && size !== '' ? `Auto ${size}` : chosen.name

  const close = (): void => {
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }

  const choose = (choice: QualityChoice): void => {
    close()
    useSettings.getState().remember({ watchQuality: choice })
    studioClient().watch.setQuality(choice).catch(tellProblem)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return
    // The arrows are the volume elsewhere in the player.
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault()
      close()
      return
    }
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    items[to % items.length]?.focus()
  }

  return (
    <div className="quality-menu" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="quality-menu__button tabular"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        aria-label={`Quality: ${face}`}
        onClick={() => setOpen(!open)}
      >
        {face}
        <ChevronUp size={15} aria-hidden="true" />
      </button>
      {open && (
        <div id={id} role="menu" aria-label="Quality" className="quality-menu__list">
          {choices.map((choice) => (
            <button
              key={choice.id}
              type="button"
              role="menuitemradio"
              aria-checked={choice.id === chosen.id}
              tabIndex={-1}
              onClick={() => choose(choice.id)}
            >
              <Check size={15} aria-hidden="true" />
              <span>{choice.name}</span>
              <small>{choice.hint}</small>
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
