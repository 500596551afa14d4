import { Plus, X } from 'lucide-react'
import { useId, useState, type SubmitEvent } from 'react'
import { studioClient } from '@/app/studio-client'
import { usePerson } from '@/features/channel/person-store'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Segmented } from '@/ui/Segmented'
import { useSafety } from './safety-store'
import { LABEL_WORDS } from './safety-words'

interface AdderProps {
  label: string
  placeholder: string
  maxLength: number
  /** Takes a text; words when it will not do, null when it was taken. */
  onAdd: (text: string) => string | null | Promise<string | null>
}

/** A field with a button that adds what is in it. */
export function Adder({ label, placeholder, maxLength, onAdd }: AdderProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const id = useId()
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const wanted = text.trim()
    if (wanted === '') return
    void Promise.resolve(onAdd(wanted)).then((why) => {
      setProblem(why ?? '')
      if (why === null) setText('')
    })
  }
  return (
    <form className="safety__adder" onSubmit={submit}>
      <input
        type="text"
        aria-label={label}
        placeholder={placeholder}
        maxLength={maxLength}
        spellCheck={false}
        value={text}
        aria-invalid={problem !== ''}
        aria-describedby={`${id}-problem`}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setProblem('')
        }}
      />
      <Button type="submit" className="button--small" icon={<Plus size={15} />} disabled={text.trim() === ''}>
        Add
      </Button>
      <p id={`${id}-problem`} className="safety__problem" role="alert">
        {problem}
      </p>
    </form>
  )
}

/** Words that keep a text from being shown. */
export function BlockWordsPart() {
  const words = useSafety(({ rules }) => rules.blockWords)
  const change = useSafety((state) => state.change)
  const add = (word: string): string | null => {
    if (word.length > 60) return 'At most 60 letters.'
    if (words.length >= 500) return 'At most 500 words.'
    if (!words.includes(word)) change({ blockWords: [...words, word] })
    return null
  }
  return (
    <details className="settings__more">
      <summary>
        Words you do not want to read <span className="safety__count">{words.length}</span>
      </summary>
      <div className="safety__part">
        <p className="settings__hint">
          What holds one of them is left out: titles, descriptions, comments, chat. Disguises are seen through (sp4m,
          ＳＰＡＭ, s.p.a.m). <code>word*</code> also finds longer ones.
        </p>
        <Adder label="A word" placeholder="A word or a phrase" maxLength={60} onAdd={add} />
        <ul className="safety__chips" aria-label="Words that are left out">
          {words.map((word) => (
            <li key={word} className="safety__chip">
              {word}
              <IconButton
                label={`Take ${word} off`}
                onClick={() => change({ blockWords: words.filter((one) => one !== word) })}
              >
                <X size={14} />
              </IconButton>
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}

const WISHES = [
  { value: 'show', label: 'Show' },
  { value: 'blur', label: 'Blur' },
  { value: 'hide', label: 'Hide' },
] as const

function LabelerRow({ account, onRemove }: { account: string; onRemove: () => void }) {
  const { name } = usePerson(account)
  return (
    <li className="safety__row">
      <span className="safety__name">{name}</span>
      <Button variant="quiet" className="button--small" aria-label={`No longer heed ${name}`} onClick={onRemove}>
        Leave
      </Button>
    </li>
  )
}

/** The account in a link to a person or channel, or as it stands. */
async function accountIn(text: string): Promise<string | null> {
  if (/^0x[0-9a-f]{40}$/i.test(text)) return text.toLowerCase()
  const target = await studioClient().sharing.read(text)
  return target !== null && 'account' in target ? (target.account ?? null) : null
}

/** What to do with what is labelled, and whose labels count. */
export function LabelsPart() {
  const { labels, labelers } = useSafety(({ rules }) => rules)
  const change = useSafety((state) => state.change)
  const words = [...new Set([...Object.keys(LABEL_WORDS), ...Object.keys(labels)])]
  const add = async (text: string): Promise<string | null> => {
    const account = await accountIn(text)
    if (account === null) return 'This is no person. Paste the link of their page, or their address (0x…).'
    if (labelers.length >= 50) return 'At most 50 people.'
    if (!labelers.includes(account)) change({ labelers: [...labelers, account] })
    return null
  }
  return (
    <details className="settings__more">
      <summary>Labels</summary>
      <div className="safety__part">
        <p className="settings__hint">
          Authors warn of what they show, and people you pick may label what others make. You decide what a label does.
        </p>
        <ul className="safety__list" aria-label="Labels">
          {words.map((word) => (
            <li key={word} className="safety__row">
              <span className="safety__name">{LABEL_WORDS[word] ?? word}</span>
              <div className="safety__wish">
                <Segmented
                  label={LABEL_WORDS[word] ?? word}
                  segments={WISHES}
                  value={labels[word] ?? 'show'}
                  onChange={(wish) => change({ labels: { ...labels, [word]: wish } })}
                />
              </div>
            </li>
          ))}
        </ul>
        <h3>Whose labels count</h3>
        <Adder label="A person" placeholder="Link of a person’s page, or 0x…" maxLength={2048} onAdd={add} />
        {labelers.length > 0 && (
          <ul className="safety__list" aria-label="Whose labels count">
            {labelers.map((account) => (
              <LabelerRow
                key={account}
                account={account}
                onRemove={() => change({ labelers: labelers.filter((one) => one !== account) })}
              />
            ))}
          </ul>
        )}
      </div>
    </details>
  )
}
