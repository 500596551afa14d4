import type { MessagePerson } from '@shared/community/message-views'
import { Copy, ShieldAlert, ShieldCheck } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { QrCode } from '@/features/wallet/QrCode'
import { Button } from '@/ui/Button'
import { useToasts } from '@/ui/toast-store'
import { Toggle } from '@/ui/Toggle'
import { personWords } from './message-words'
import { MessagesDialog } from './MessagesDialog'
import { setVerified, useVerifiedNumber } from './verified-numbers'

const GROUP = 5

function groupsOf(digits: string): string[] {
  return Array.from({ length: digits.length / GROUP }, (_, at) => digits.slice(at * GROUP, (at + 1) * GROUP))
}

function Compare({ digits, name }: { digits: string; name: string }) {
  const [text, setText] = useState('')
  const id = useId()
  const typed = text.replaceAll(/\D/g, '')
  const isEqual = typed === digits
  return (
    <div className="field safety__compare">
      <label htmlFor={id}>Compare with what {name} sent you some other way</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        placeholder="Paste their 60 digits"
        maxLength={200}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p role="status" data-equal={isEqual}>
        {typed === ''
          ? ''
          : isEqual
            ? 'They are the same.'
            : typed.length < digits.length && digits.startsWith(typed)
              ? 'The same so far.'
              : 'They are not the same.'}
      </p>
    </div>
  )
}

/** The number that two people compare to know that nobody sits between them. */
export function SafetyNumberDialog({ person, onClose }: { person: MessagePerson; onClose: () => void }) {
  const { account } = person
  const name = personWords(person)
  const compared = useVerifiedNumber(account)
  const [digits, setDigits] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const hasChanged = compared !== undefined && digits !== null && compared !== digits

  useEffect(() => {
    studioClient()
      .messages.safetyNumber(account)
      .then(
        (number) => setDigits(number.digits),
        (error: unknown) => setProblem(describeProblem(error).message),
      )
  }, [account])

  const copy = (): void => {
    studioClient()
      .app.copyText(groupsOf(digits ?? '').join(' '))
      .then(() => useToasts.getState().show('info', 'Safety number copied.'), tellProblem)
  }

  return (
    <MessagesDialog title={`Safety number with ${name}`} onClose={onClose}>
      <div className="safety">
        {problem !== null && (
          <p className="messages-problem" role="alert">
            {problem}
          </p>
        )}
        {hasChanged && (
          <p className="messages-problem" role="alert">
            <ShieldAlert size={18} aria-hidden="true" />
            The number is another one than you have compared. {name} may have a new computer, or somebody sits between
            you. Compare it again.
          </p>
        )}
        {digits === null && problem === null && <span className="spinner" aria-label="Working it out" />}
        {digits !== null && (
          <>
            <div className="safety__number">
              <ul className="safety__groups selectable" aria-label="Safety number">
                {groupsOf(digits).map((group, at) => (
                  <li key={at}>{group}</li>
                ))}
              </ul>
              <QrCode text={digits} label="QR code of the safety number" />
            </div>
            <p className="safety__how">
              Read it to each other in a call, or look at both screens. If both see the same number, nobody sits between
              you and can read along. It changes when one of you gets a new computer.
            </p>
            <Compare digits={digits} name={name} />
            <div className="safety__verified">
              <ShieldCheck size={18} aria-hidden="true" />
              <Toggle
                label="We have compared it"
                checked={compared === digits}
                onChange={(isVerified) => setVerified(account, isVerified ? digits : null)}
              />
              <Button className="button--small" icon={<Copy size={15} />} onClick={copy}>
                Copy
              </Button>
            </div>
          </>
        )}
      </div>
    </MessagesDialog>
  )
}
