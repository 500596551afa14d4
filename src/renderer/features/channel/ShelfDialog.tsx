import type { ChannelCard, ItemCard } from '@shared/community/index-cards'
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { refreshChannel } from './channel-data'

interface ShelfDialogProps {
  card: ItemCard
  channel: ChannelCard
  onClose: () => void
}

/** On which shelves of the channel's page an item stands; a new shelf is made by its name. */
export function ShelfDialog({ card, channel, onClose }: ShelfDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const sections = channel.body.sections ?? []
  const [chosen, setChosen] = useState<ReadonlySet<number>>(
    new Set(sections.flatMap(({ items }, at) => (items.includes(card.id) ? [at] : []))),
  )
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const changed = sections.map(({ title, items }, at) => {
      const others = items.filter((one) => one !== card.id)
      return { title, items: chosen.has(at) ? [card.id, ...others].slice(0, 50) : others }
    })
    const title = name.trim()
    if (title !== '') changed.unshift({ title, items: [card.id] })
    try {
      await studioClient().channels.saveChannel({ ...channel.body, sections: changed })
      refreshChannel()
      onClose()
    } catch (error) {
      setProblem(describeProblem(error).message)
    }
  }

  return (
    <dialog ref={dialog} className="channel-dialog" aria-labelledby={`${id}-title`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <h2 id={`${id}-title`}>Put “{card.body.title}” on a shelf</h2>
        {sections.map(({ title }, at) => (
          <label key={title} className="check">
            <input
              type="checkbox"
              checked={chosen.has(at)}
              onChange={(event) => {
                const next = new Set(chosen)
                if (event.currentTarget.checked) next.add(at)
                else next.delete(at)
                setChosen(next)
              }}
            />
            {title}
          </label>
        ))}
        {sections.length < 12 && (
          <div className="field">
            <label htmlFor={id}>New shelf</label>
            <input
              id={id}
              type="text"
              value={name}
              maxLength={60}
              placeholder="For example: Start here"
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </div>
        )}
        {problem !== null && (
          <p className="channel__problem" role="alert">
            {problem}
          </p>
        )}
        <div className="channel-dialog__buttons">
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="accent">
            Save
          </Button>
        </div>
      </form>
    </dialog>
  )
}
