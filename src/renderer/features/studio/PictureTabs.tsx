import { Brush, Palette, PartyPopper, SlidersVertical, Sparkles } from 'lucide-react'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { onTabKey } from '@/ui/tab-key'
import { BeautyPanel } from './BeautyPanel'
import { CompareSwitch } from './CompareSwitch'
import { EffectsPanel } from './EffectsPanel'
import { LookPanel } from './LookPanel'
import { MakeupPanel } from './MakeupPanel'
import './picture-tabs.css'
import { MixerPanel } from './scene/MixerPanel'
import { UndoButtons } from './UndoButtons'

const TABS = [
  { id: 'beauty', label: 'Beauty', Icon: Sparkles, Panel: BeautyPanel },
  { id: 'makeup', label: 'Make-up', Icon: Brush, Panel: MakeupPanel },
  { id: 'effects', label: 'Effects', Icon: PartyPopper, Panel: EffectsPanel },
  { id: 'look', label: 'Look', Icon: Palette, Panel: LookPanel },
  { id: 'sound', label: 'Sound', Icon: SlidersVertical, Panel: MixerPanel },
] as const
type TabId = (typeof TABS)[number]['id']

/** What can be done to the picture, one subject at a time; comparing is for all of them. */
export function PictureTabs() {
  const [current, setCurrent] = useState<TabId>('beauty')
  const base = useId()
  const top = useRef<HTMLDivElement>(null)

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void =>
    onTabKey(event, { tabs: TABS, current, base, choose: setCurrent })

  return (
    <>
      <div ref={top} />
      <div role="tablist" aria-label="Picture" className="picture-tabs" onKeyDown={onKeyDown}>
        {TABS.map(({ id, label, Icon }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            aria-selected={id === current}
            aria-controls={`${base}-${id}-panel`}
            tabIndex={id === current ? 0 : -1}
            className="picture-tabs__tab"
            onClick={() => {
              setCurrent(id)
              // Above it lie the sources: what was asked for should be seen whole. The tabs themselves stick, and would
              // count as seen where they are.
              top.current?.scrollIntoView({ block: 'start' })
            }}
          >
            <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
            {label}
          </button>
        ))}
      </div>
      {TABS.map(({ id, Panel }) => (
        <div
          key={id}
          role="tabpanel"
          id={`${base}-${id}-panel`}
          aria-labelledby={`${base}-${id}`}
          className="picture-tabs__panel"
          hidden={id !== current}
        >
          {id === current && <Panel />}
        </div>
      ))}
      <div className="picture-tabs__compare">
        <CompareSwitch />
        <UndoButtons />
      </div>
    </>
  )
}
