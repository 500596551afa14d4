import type { ItemCard } from '@shared/community/index-cards'
import { LICENCES, WARNINGS, type VideoDetails } from '@shared/publishing/video-draft'
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { DetailsFields } from './DetailsFields'

type Video = Extract<ItemCard, { kind: 'video' }>
type Details = Omit<VideoDetails, 'coverMs'>

/** Changes what is said of a published video; likes and comments stay with it. */
export function EditItemDialog({ card, onClose }: { card: Video; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { body } = card
  const [details, setDetails] = useState<Details>({
    ...{ title: body.title, desc: body.desc, category: body.category, tags: body.tags, lang: body.lang ?? null },
    licence: LICENCES.find((licence) => licence === body.licence) ?? LICENCES[0],
    warn: WARNINGS.filter((warning) => body.warn.includes(warning)),
  })
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const id = useId()

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const { lang, ...said } = details
    const title = said.title.trim()
    if (title === '') {
      setProblem('Give the video a title.')
      return
    }
    setBusy(true)
    const kept = Object.fromEntries(Object.entries(body).filter(([field]) => field !== 'lang')) as typeof body
    const others = body.warn.filter((word) => !(WARNINGS as readonly string[]).includes(word))
    try {
      await studioClient().channels.publishVideo({
        ...kept,
        ...said,
        ...{ title, warn: [...others, ...said.warn], edits: card.id },
        ...(lang === null ? {} : { lang }),
      })
      onClose()
    } catch (error) {
      setProblem(describeProblem(error).message)
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} className="channel-dialog channel-dialog--wide" aria-labelledby={id} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <h2 id={id}>Edit details</h2>
        <DetailsFields
          details={details}
          disabled={busy}
          titleProblem={details.title.trim() === '' ? problem : null}
          onChange={(change) => {
            setProblem(null)
            setDetails({ ...details, ...change })
          }}
        />
        {problem !== null && (
          <p className="channel__problem" role="alert">
            {problem}
          </p>
        )}
        <div className="channel-dialog__buttons">
          <Button variant="quiet" onClick={() => dialog.current?.close()}>
            Cancel
          </Button>
          <Button type="submit" variant="accent" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </dialog>
  )
}
