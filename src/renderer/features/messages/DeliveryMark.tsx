import { Check, CheckCheck, Clock3 } from 'lucide-react'
import type { Delivery } from './message-words'

/** How far an own text has come, as a small mark; `words` says it to who cannot see it. */
export function DeliveryMark({ state, words }: { state: Delivery; words: string }) {
  return (
    <span className="delivery" data-state={state} title={words}>
      {state === 'waiting' && <Clock3 size={13} aria-hidden="true" />}
      {state === 'partly' && <Check size={14} aria-hidden="true" />}
      {(state === 'delivered' || state === 'read') && <CheckCheck size={15} aria-hidden="true" />}
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
