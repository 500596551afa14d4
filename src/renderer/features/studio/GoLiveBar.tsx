import { Radio } from 'lucide-react'
import { CATEGORIES } from '@shared/live/broadcast-details'
import { useRef, type SubmitEvent } from 'react'
import { useEngines } from '@/app/engine-store'
import { CreatorGiftsButton } from '@/features/gifts/CreatorGiftsButton'
import { Button } from '@/ui/Button'
import { DestinationsButton } from './destinations/DestinationsButton'
import { OnAirBar } from './OnAirBar'
import { RecordToggle } from './RecordToggle'
import { useStudio, type Category } from './studio-store'

/** Before the show: its title and category, and the button that everything here leads to. */
function ReadyBar() {
  const title = useStudio((state) => state.title)
  const category = useStudio((state) => state.category)
  const titleProblem = useStudio((state) => state.titleProblem)
  const open = useStudio((state) => state.source.state === 'open')
  const network = useEngines((state) => state.engines.peer?.state === 'ready')
  const starting = useStudio((state) => state.live.state === 'starting')
  const { setTitle, setCategory, goLive } = useStudio.getState()
  const titleField = useRef<HTMLInputElement>(null)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    void goLive().then(() => {
      if (useStudio.getState().titleProblem !== null) titleField.current?.focus()
    })
  }

  return (
    <form className="golive" aria-label="Your live" onSubmit={submit} noValidate>
      <div className="field golive__title">
        <label htmlFor="golive-title">Title</label>
        <input
          ref={titleField}
          id="golive-title"
          type="text"
          value={title}
          maxLength={120}
          placeholder="What is your live about?"
          disabled={starting}
          aria-invalid={titleProblem !== null}
          aria-describedby={titleProblem === null ? undefined : 'golive-title-problem'}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {titleProblem !== null && (
          <span id="golive-title-problem" className="field__problem" role="alert">
            {titleProblem}
          </span>
        )}
      </div>
      <div className="field golive__category">
        <label htmlFor="golive-category">Category</label>
        <select
          id="golive-category"
          value={category}
          disabled={starting}
          onChange={(event) => setCategory(event.currentTarget.value as Category)}
        >
          {CATEGORIES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <div className="golive__extras">
        <DestinationsButton live={false} />
        <CreatorGiftsButton live={false} />
      </div>
      <RecordToggle disabled={starting} />
      <Button
        type="submit"
        variant="accent"
        size="large"
        className="golive__button"
        icon={<Radio size={20} />}
        busy={starting}
        disabled={!open || !network}
        title={open ? (network ? undefined : 'The network is still starting') : 'First open a source'}
      >
        Go live
      </Button>
    </form>
  )
}

/** The bar at the bottom: getting ready, or on air. */
export function GoLiveBar() {
  const live = useStudio((state) => state.live)
  return live.state === 'live' || live.state === 'stopping' ? <OnAirBar live={live} /> : <ReadyBar />
}
