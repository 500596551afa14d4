import { useEffect, useId, useState, type SubmitEvent } from 'react'
import { REPORT_REASONS, type ReportReason, type ReportTarget } from '@shared/community/safety-cards'
import { describeProblem, studioClient } from '@/app/studio-client'
import { usePerson } from '@/features/channel/person-store'
import { Button } from '@/ui/Button'
import { Toggle } from '@/ui/Toggle'
import { useToasts } from '@/ui/toast-store'
import { hideSubject } from './safety-actions'
import { SafetyDialog } from './SafetyDialog'
import { useSafety } from './safety-store'
import { REASON_WORDS } from './safety-words'

function TargetRow({
  target,
  chosen,
  onChange,
}: {
  target: ReportTarget
  chosen: boolean
  onChange: (on: boolean) => void
}) {
  const { name } = usePerson(target.account)
  const part = target.as === 'owner' ? 'owner of the channel' : 'labels for you'
  return (
    <label className="safety__check">
      <input
        type="checkbox"
        checked={chosen}
        disabled={!target.reachable}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {name}{' '}
        <span className="safety__hint">{target.reachable ? part : `${part}; their key is not known here yet`}</span>
      </span>
    </label>
  )
}

function Report({ subject, onClose }: { subject: string; onClose: () => void }) {
  const [reason, setReason] = useState<ReportReason>('spam')
  const [text, setText] = useState('')
  const [targets, setTargets] = useState<readonly ReportTarget[] | null>(null)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [hides, setHides] = useState(true)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const id = useId()

  useEffect(() => {
    studioClient()
      .safety.reportTargets(subject)
      .then(setTargets, (error: unknown) => {
        setTargets([])
        setProblem(describeProblem(error).message)
      })
  }, [subject])

  const to = (targets ?? []).filter(({ account, reachable }) => reachable && !left.has(account))
  const canSend = to.length > 0

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setBusy(true)
    setProblem('')
    const sent = canSend
      ? studioClient().safety.report({ subject, reason, text: text.trim(), to: to.map(({ account }) => account) })
      : Promise.resolve()
    sent
      .then(() => {
        onClose()
        if (canSend) useToasts.getState().show('info', 'Reported. Only who it is for can read it.')
        if (hides) void hideSubject(subject)
      })
      .catch((error: unknown) => setProblem(describeProblem(error).message))
      .finally(() => setBusy(false))
  }

  return (
    <SafetyDialog title="Report" onClose={onClose}>
      <form className="safety__form" onSubmit={submit}>
        <fieldset className="safety__reasons">
          <legend>What is wrong with it?</legend>
          {REPORT_REASONS.map((one) => (
            <label key={one} className="safety__check">
              <input type="radio" name={id} checked={reason === one} onChange={() => setReason(one)} />
              {REASON_WORDS[one]}
            </label>
          ))}
        </fieldset>
        <label htmlFor={`${id}-text`}>Anything they should know (optional)</label>
        <textarea
          id={`${id}-text`}
          rows={2}
          maxLength={1000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <fieldset>
          <legend>Who is told</legend>
          {targets?.map((target) => (
            <TargetRow
              key={target.account}
              target={target}
              chosen={target.reachable && !left.has(target.account)}
              onChange={(on) => {
                const next = new Set(left)
                if (on) next.delete(target.account)
                else next.add(target.account)
                setLeft(next)
              }}
            />
          ))}
          {targets?.length === 0 && (
            <p className="safety__hint">
              It is in a place of its own author, so there is nobody else to tell. Nobody stands above all here: you can
              put it away, block its author, or heed somebody who labels (Settings, What you see).
            </p>
          )}
        </fieldset>
        <Toggle label="Put it away for me, too" checked={hides} onChange={setHides} />
        <p className="safety__problem" role="alert">
          {problem}
        </p>
        <div className="safety__buttons">
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="accent" busy={busy} disabled={targets === null || (!canSend && !hides)}>
            {canSend ? 'Send report' : 'Put away'}
          </Button>
        </div>
      </form>
    </SafetyDialog>
  )
}

/** Mounted once; `reportSubject` opens it. */
export function ReportDialog() {
  const subject = useSafety((state) => state.reporting)
  if (subject === null) return null
  return <Report key={subject} subject={subject} onClose={() => useSafety.setState({ reporting: null })} />
}
