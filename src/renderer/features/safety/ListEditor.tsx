import { X } from 'lucide-react'
import { useEffect, useId, useState, type SubmitEvent } from 'react'
import type { ListCard, NamedSubject } from '@shared/community/safety-cards'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Segmented } from '@/ui/Segmented'
import { nameWords } from './ListPreview'
import { SafetyDialog } from './SafetyDialog'
import { useSafety } from './safety-store'
import { Adder } from './WordsAndLabels'

const PURPOSES = [
  { value: 'block', label: 'Block' },
  { value: 'mute', label: 'Mute' },
] as const

const MOST = 400

/** The subject of a link or an address that was pasted; null: it is none that fits a list. */
async function subjectIn(text: string): Promise<string | null> {
  if (/^0x[0-9a-f]{40}$/i.test(text)) return `acct:${text.toLowerCase()}`
  const target = await studioClient().sharing.read(text)
  switch (target?.type) {
    case 'person':
      return `acct:${target.account}`
    case 'channel':
      return `chan:${target.account}/${target.slug}`
    case 'item':
      return target.id
    default:
      return null
  }
}

interface ListEditorProps {
  /** Null: a new one. */
  list: ListCard | null
  onClose: () => void
}

/** Makes a list of one's own or changes it. */
export function ListEditor({ list, onClose }: ListEditorProps) {
  const [title, setTitle] = useState(list?.title ?? '')
  const [desc, setDesc] = useState(list?.desc ?? '')
  const [purpose, setPurpose] = useState<'block' | 'mute'>(list?.purpose === 'mute' ? 'mute' : 'block')
  const [items, setItems] = useState<ListCard['items']>(list?.items ?? [])
  const [names, setNames] = useState<readonly NamedSubject[]>([])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const blocked = useSafety(({ rules }) => rules.blocked)
  const id = useId()
  const missing = blocked.filter((s) => !items.some((item) => item.s === s))

  useEffect(() => {
    if (items.length === 0) return
    studioClient()
      .safety.names(items.map(({ s }) => s))
      .then(setNames, tellProblem)
  }, [items])

  const add = async (text: string): Promise<string | null> => {
    const s = await subjectIn(text)
    if (s === null) return 'This is no person, channel or video. Paste a link to one, or an address (0x…).'
    if (items.length >= MOST) return `A list holds ${MOST} at most. Make a second one.`
    setItems((before) => (before.some((item) => item.s === s) ? before : [...before, { s }]))
    return null
  }

  const run = (work: Promise<unknown>): void => {
    setBusy(true)
    work
      .then(onClose)
      .catch((error: unknown) => setProblem(describeProblem(error).message))
      .finally(() => setBusy(false))
  }

  const save = (event: SubmitEvent): void => {
    event.preventDefault()
    const body = { purpose, title: title.trim(), desc: desc.trim(), items }
    run(studioClient().safety.saveList(list === null ? body : { ...body, id: list.id }))
  }

  return (
    <SafetyDialog title={list === null ? 'New list' : 'Edit list'} onClose={onClose}>
      <div className="safety__form">
        <label htmlFor={`${id}-title`}>Name</label>
        <input
          id={`${id}-title`}
          type="text"
          maxLength={80}
          placeholder="Spam in cooking channels"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <label htmlFor={`${id}-desc`}>What is it for? (optional)</label>
        <textarea
          id={`${id}-desc`}
          rows={2}
          maxLength={1000}
          value={desc}
          onChange={(event) => setDesc(event.currentTarget.value)}
        />
        <Segmented label="What it does to who is on it" segments={PURPOSES} value={purpose} onChange={setPurpose} />
        <Adder
          label="Who is on it"
          placeholder="Link of a person, channel or video, or 0x…"
          maxLength={2048}
          onAdd={add}
        />
        {missing.length > 0 && (
          <Button
            className="button--small"
            onClick={() => setItems([...items, ...missing.map((s) => ({ s }))].slice(0, MOST))}
          >
            Add the {missing.length} you have blocked
          </Button>
        )}
        <ul className="safety__list safety__list--scroll" aria-label="On this list" tabIndex={0}>
          {items.map(({ s }) => {
            const name = nameWords(
              names.find(({ subject }) => subject === s) ?? { subject: s, title: null, account: null },
            )
            return (
              <li key={s} className="safety__row">
                <span className="safety__name">{name}</span>
                <IconButton
                  label={`Take ${name} off`}
                  align="end"
                  onClick={() => setItems(items.filter((item) => item.s !== s))}
                >
                  <X size={14} />
                </IconButton>
              </li>
            )
          })}
        </ul>
        <p className="safety__problem" role="alert">
          {problem}
        </p>
        <form className="safety__buttons" onSubmit={save}>
          {list !== null && (
            <Button variant="quiet" disabled={busy} onClick={() => run(studioClient().safety.dropList(list.id))}>
              Take it back
            </Button>
          )}
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="accent" busy={busy} disabled={title.trim() === ''}>
            Save
          </Button>
        </form>
      </div>
    </SafetyDialog>
  )
}
