import type { MessageState } from '@shared/community/message-views'
import { Check, CheckCheck, Clock3 } from 'lucide-react'

/** How far an own text has come, as a small mark; `words` says it to who cannot see it. */
export function DeliveryMark({ state, words }: { state: MessageState; words: string }) {
  return (
    <span className="delivery" data-state={state} title={words}>
      {state === 'sending' && <Clock3 size={13} aria-hidden="true" />}
      {state === 'kept' && <Check size={15} aria-hidden="true" />}
      {(state === 'arrived' || state === 'read') && <CheckCheck size={16} aria-hidden="true" />}
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
