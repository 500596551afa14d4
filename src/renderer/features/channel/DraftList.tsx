import { Disc, Film } from 'lucide-react'
import { Button } from '@/ui/Button'
import { draftWords } from './draft-words'
import { dismissRecording, discardDraft, openDraft, publishRecording, usePublishing } from './publishing-store'

/** Videos that are not published yet. */
export function DraftList() {
  const { drafts, typed, recordings } = usePublishing()
  if (drafts.length === 0 && recordings.length === 0) return null
  return (
    <section className="drafts" aria-label="Drafts">
      <h2>Drafts: only you see them</h2>
      <ul>
        {drafts.map((draft) => {
          const title = (typed.get(draft.id) ?? draft.details).title.trim() || draft.fileName
          return (
            <li key={draft.id} className="drafts__row">
              <Film size={18} aria-hidden="true" />
              <span className="drafts__words">
                <span className="drafts__title">{title}</span>
                <span className="drafts__state">{draftWords(draft.now)}</span>
              </span>
              <Button
                variant="quiet"
                disabled={draft.now.state === 'publishing'}
                onClick={() => discardDraft(draft.id)}
              >
                Discard
              </Button>
              <Button onClick={() => openDraft(draft.id)}>Continue</Button>
            </li>
          )
        })}
        {recordings.map(({ path, name }) => (
          <li key={path} className="drafts__row">
            <Disc size={18} aria-hidden="true" />
            <span className="drafts__words">
              <span className="drafts__title">{name}</span>
              <span className="drafts__state">A recording of your live. It can become a video of your channel.</span>
            </span>
            <Button variant="quiet" onClick={() => dismissRecording(path)}>
              Not now
            </Button>
            <Button onClick={() => publishRecording(path)}>Publish it</Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
