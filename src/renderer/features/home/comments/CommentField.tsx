import { Check, SendHorizontal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { openSheet } from '@/features/wallet/wallet-store'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { useActs } from '../act-store'

/** As a comment may have, UTF-16 units. */
const MOST = 4_000

interface CommentFieldProps {
  label: string
  /** The caret is put here at once. */
  focused?: boolean
  /** What is changed; empty: something new. */
  initial?: string
  /** It is on its way. */
  busy?: boolean
  onSay: (text: string) => void
  onCancel?: () => void
}

/** Where a comment is written: Enter sends, Shift+Enter makes a line. Without an account it says how to get one. */
export function CommentField({
  label,
  focused = false,
  initial = '',
  busy = false,
  onSay,
  onCancel,
}: CommentFieldProps) {
  const [text, setText] = useState(initial)
  const me = useActs((state) => state.me)
  const field = useRef<HTMLTextAreaElement>(null)
  const isEmpty = text.trim() === '' || text.trim() === initial

  useEffect(() => {
    if (!focused) return
    field.current?.focus()
    field.current?.setSelectionRange(MOST, MOST)
  }, [focused])

  if (me === null) {
    return (
      <div className="comment-field comment-field--none">
        <p>Comments need an account; it takes a moment.</p>
        <Button variant="glass" onClick={() => openSheet('create')}>
          Make account
        </Button>
      </div>
    )
  }
  const say = (): void => {
    if (isEmpty || busy) return
    onSay(text.trim())
    if (initial === '') setText('')
  }
  return (
    <form
      className="comment-field"
      onSubmit={(event) => {
        event.preventDefault()
        say()
      }}
    >
      <textarea
        ref={field}
        aria-label={label}
        placeholder={label}
        rows={Math.min(5, text.split('\n').length)}
        maxLength={MOST}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            say()
          }
          if (event.key === 'Escape' && onCancel !== undefined) {
            event.preventDefault()
            event.stopPropagation()
            onCancel()
          }
        }}
      />
      <IconButton
        label={initial === '' ? 'Send' : 'Save'}
        type="submit"
        variant="glass"
        align="end"
        disabled={isEmpty || busy}
      >
        {initial === '' ? <SendHorizontal size={17} /> : <Check size={17} />}
      </IconButton>
      {initial !== '' && onCancel !== undefined && (
        <p className="comment-field__left">
          <button type="button" className="comment__act" onClick={onCancel}>
            Cancel
          </button>
        </p>
      )}
      {MOST - text.length < 200 && <p className="comment-field__left tabular">{MOST - text.length} left</p>}
    </form>
  )
}
