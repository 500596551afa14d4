import { useEffect, useState } from 'react'
import type { NamedSubject, ReportCard } from '@shared/community/safety-cards'
import { parseSubject } from '@shared/community/subject'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { usePerson } from '@/features/channel/person-store'
import { goToTarget } from '@/features/share/go-to-target'
import { Button } from '@/ui/Button'
import { useToasts } from '@/ui/toast-store'
import { nameWords } from './ListPreview'
import { blockAccount, hideSubject } from './safety-actions'
import { useSafety } from './safety-store'
import { LABEL_WORDS, REASON_WORDS } from './safety-words'

function open(subject: string): void {
  const found = parseSubject(subject)
  if (found === null || found.type === 'file') return
  goToTarget(found.type === 'entry' ? { type: 'item', id: found.id } : found)
}

function Report({ report, named }: { report: ReportCard; named: NamedSubject }) {
  const { name } = usePerson(report.account)
  const [label, setLabel] = useState('')
  const title = nameWords(named)
  const done = (): void => {
    studioClient().safety.reportDone(report.id).catch(tellProblem)
  }
  const setAs = (val: string): void => {
    setLabel(val)
    if (val === '') return
    studioClient()
      .safety.label({ subject: report.subject, label: val, on: true })
      .then(() => useToasts.getState().show('info', 'Labelled. Who heeds your labels sees it.'), tellProblem)
  }
  return (
    <li className="safety__report">
      <p>
        <strong>{REASON_WORDS[report.reason]}</strong>: {title}
      </p>
      {report.text !== '' && <p className="selectable">“{report.text}”</p>}
      <p className="safety__hint">
        {name} · {new Date(report.t).toLocaleString()}
      </p>
      <div className="safety__buttons safety__buttons--start">
        <Button className="button--small" onClick={() => open(report.subject)}>
          Look at it
        </Button>
        <Button className="button--small" onClick={() => void hideSubject(report.subject)}>
          Put away
        </Button>
        {named.account !== null && (
          <Button className="button--small" onClick={() => void blockAccount(named.account!)}>
            Block its author
          </Button>
        )}
        <select
          className="safety__select"
          aria-label={`Label ${title}`}
          value={label}
          onChange={(event) => setAs(event.currentTarget.value)}
        >
          <option value="">Label…</option>
          {Object.entries(LABEL_WORDS).map(([word, words]) => (
            <option key={word} value={word}>
              {words}
            </option>
          ))}
        </select>
        <Button className="button--small" variant="quiet" onClick={done}>
          Done
        </Button>
      </div>
    </li>
  )
}

/** Reports to this person: of what is in their channels, or to them as somebody who labels. */
export function ReportsPart() {
  const open = useSafety((state) => state.openReports)
  const [reports, setReports] = useState<readonly ReportCard[]>([])
  const [names, setNames] = useState<readonly NamedSubject[]>([])

  useEffect(() => {
    const { safety } = studioClient()
    safety
      .reports()
      .then(async (found) => {
        setReports(found)
        setNames(await safety.names(found.map(({ subject }) => subject).slice(0, 500)))
      })
      .catch(tellProblem)
  }, [open])

  return (
    <details className="settings__more" open={open > 0}>
      <summary>
        Reports to you <span className="safety__count">{open}</span>
      </summary>
      {reports.length === 0 ? (
        <p className="settings__hint safety__empty">
          What people report in your channels comes here, sealed so that only you can read it.
        </p>
      ) : (
        <ul className="safety__list" aria-label="Reports to you">
          {reports.map((report) => (
            <Report
              key={report.id}
              report={report}
              named={
                names.find(({ subject }) => subject === report.subject) ?? {
                  ...{ subject: report.subject, title: null, account: null },
                }
              }
            />
          ))}
        </ul>
      )}
    </details>
  )
}
