import { useEffect, useState } from 'react'
import type { NamedSubject } from '@shared/community/safety-cards'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { nameWords } from './ListPreview'
import { showAgain } from './safety-actions'
import { useSafety } from './safety-store'

const SHOWN = 100

interface RuledThingsProps {
  way: 'block' | 'mute' | 'hide'
  title: string
  /** What it means, and how something gets here. */
  empty: string
  /** Word on the button that takes one off. */
  undo: string
}

const RULE = { block: 'blocked', mute: 'muted', hide: 'hidden' } as const
const NONE: readonly NamedSubject[] = []

/** People and things that are not shown, newest first, each with its way back. */
export function RuledThings({ way, title, empty, undo }: RuledThingsProps) {
  const subjects = useSafety(({ rules }) => rules[RULE[way]])
  const [open, setOpen] = useState(false)
  const [names, setNames] = useState(NONE)
  const shown = subjects.slice(-SHOWN).reverse()

  useEffect(() => {
    if (!open) return
    studioClient().safety.names(subjects.slice(-SHOWN).reverse()).then(setNames, tellProblem)
  }, [open, subjects])

  return (
    <details className="settings__more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title} <span className="safety__count">{subjects.length}</span>
      </summary>
      {subjects.length === 0 ? (
        <p className="settings__hint safety__empty">{empty}</p>
      ) : (
        <ul className="safety__list" aria-label={title}>
          {shown.map((subject) => {
            const name = nameWords(
              names.find((one) => one.subject === subject) ?? { subject, title: null, account: null },
            )
            return (
              <li key={subject} className="safety__row">
                <span className="safety__name">{name}</span>
                <Button
                  variant="quiet"
                  className="button--small"
                  aria-label={`${undo} ${name}`}
                  onClick={() => void showAgain(way, subject)}
                >
                  {undo}
                </Button>
              </li>
            )
          })}
          {subjects.length > SHOWN && <li className="settings__hint">and {subjects.length - SHOWN} before them</li>}
        </ul>
      )}
    </details>
  )
}
