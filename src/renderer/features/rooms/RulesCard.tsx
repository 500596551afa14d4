import { ScrollText } from 'lucide-react'
import type { Ref } from 'react'
import { Button } from '@/ui/Button'

/** The room's rules, shown once before the first message. */
export function RulesCard({
  rules,
  onAgree,
  button,
}: {
  rules: string
  onAgree: () => void
  button: Ref<HTMLButtonElement>
}) {
  return (
    <section className="chat-rules" aria-label="Rules of this room">
      <h3>
        <ScrollText size={15} aria-hidden="true" /> Rules of this room
      </h3>
      <p className="chat-rules__text selectable" tabIndex={0}>
        {rules}
      </p>
      <Button ref={button} variant="accent" onClick={onAgree}>
        Understood
      </Button>
    </section>
  )
}
