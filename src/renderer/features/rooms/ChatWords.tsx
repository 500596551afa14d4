import { Copy } from 'lucide-react'
import { useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useWatch } from '@/features/watch/watch-store'
import { useToasts } from '@/ui/toast-store'
import { chatParts } from './chat-text'

/** The text of a line; names of the room stand out, and an address opens nothing by itself. */
export function ChatWords({ text, names }: { text: string; names: readonly string[] }) {
  return chatParts(text, names).map((part, at) =>
    part.kind === 'link' ? (
      <ChatLink key={at} address={part.text} />
    ) : part.kind === 'mention' ? (
      <strong key={at} className="chat-mention">
        {part.text}
      </strong>
    ) : (
      part.text
    ),
  )
}

/** Pressed, it shows the whole address and what can be done with it: strangers write here. */
function ChatLink({ address }: { address: string }) {
  const [isOpen, setOpen] = useState(false)
  const copy = async (): Promise<void> => {
    await studioClient().app.copyText(address)
    useToasts.getState().show('info', 'Address copied. Open it only if you trust who wrote it.')
  }
  return (
    <>
      <span
        role="button" // a real one would stand on a line of its own
        className="chat-link"
        tabIndex={-1}
        aria-expanded={isOpen}
        title={address}
        onClick={() => setOpen(!isOpen)}
      >
        {address}
      </span>
      {isOpen && (
        <span className="chat-link__more">
          {/^we:/i.test(address) && (
            <button type="button" onClick={() => void useWatch.getState().open(address)}>
              Watch it
            </button>
          )}
          <button type="button" onClick={() => void copy().catch(tellProblem)}>
            <Copy size={12} aria-hidden="true" /> Copy the address
          </button>
        </span>
      )}
    </>
  )
}
