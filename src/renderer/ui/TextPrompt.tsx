import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import { Button } from './Button'
import './text-prompt.css'

interface TextPromptProps {
  title: string
  label: string
  initial: string
  /** Word on the button that accepts. */
  accept: string
  maxLength: number
  /** Why a text will not do, null when it will. */
  problemOf: (text: string) => string | null
  onAccept: (text: string) => void
  onCancel: () => void
}

/** Asks for a short text in front of everything else; Escape cancels, Enter accepts. */
export function TextPrompt({
  title,
  label,
  initial,
  accept,
  maxLength,
  problemOf,
  onAccept,
  onCancel,
}: TextPromptProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState(initial)
  const [asked, setAsked] = useState(false)
  const id = useId()
  const problem = asked ? problemOf(text.trim()) : null

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (problemOf(text.trim()) === null) onAccept(text.trim())
  }

  return (
    <dialog ref={dialog} className="text-prompt" aria-labelledby={`${id}-title`} onClose={onCancel}>
      <form onSubmit={submit} noValidate>
        <h2 id={`${id}-title`}>{title}</h2>
        <div className="field">
          <label htmlFor={id}>{label}</label>
          <input
            id={id}
            type="text"
            value={text}
            maxLength={maxLength}
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : `${id}-problem`}
            onChange={(event) => setText(event.currentTarget.value)}
            onFocus={(event) => event.currentTarget.select()}
          />
          {problem !== null && (
            <span id={`${id}-problem`} className="field__problem" role="alert">
              {problem}
            </span>
          )}
        </div>
        <div className="text-prompt__buttons">
          <Button variant="quiet" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit">{accept}</Button>
        </div>
      </form>
    </dialog>
  )
}
