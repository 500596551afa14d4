import { X } from 'lucide-react'
import { useEffect, useId, useState, type ReactNode } from 'react'
import { KIND_WORDS } from '@shared/ledger/entry-words'
import { EntryKind } from '@shared/ledger/ledger-entry'
import { EVERYTHING, type LedgerFilter } from '@shared/ledger/ledger-query'
import { Address } from '@shared/money/address'
import { Button } from '@/ui/Button'
import { useLedger } from './ledger-store'

const TYPING_MS = 300
const DAY_MS = 86_400_000

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="ledger-filter__field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}

interface SearchProps {
  id: string
  placeholder: string
  value: string | null
  /** What to look for; undefined: not yet something that can be looked for. */
  read: (text: string) => string | null | undefined
  onFind: (found: string | null) => void
}

/** Looks for what is typed once typing rests. */
function SearchField({ id, placeholder, value, read, onFind }: SearchProps) {
  const [text, setText] = useState(value ?? '')
  const found = text.trim() === '' ? null : read(text.trim())

  useEffect(() => {
    if (found === undefined || found === value) return
    const timer = setTimeout(() => onFind(found), TYPING_MS)
    return () => clearTimeout(timer)
  })

  return (
    <input
      id={id}
      type="text"
      className="ledger-filter__input"
      placeholder={placeholder}
      spellCheck={false}
      maxLength={200}
      aria-invalid={found === undefined}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}

function addressOf(text: string): string | undefined {
  const parsed = Address.safeParse(text)
  return parsed.success ? parsed.data : undefined
}

/** A day in the person's own zone, as Unix seconds of its begin, moved by `days`. */
function secondsOf(day: string, days: number): number | null {
  const ms = day === '' ? NaN : new Date(`${day}T00:00`).getTime()
  return Number.isNaN(ms) ? null : Math.max(0, Math.floor((ms + days * DAY_MS) / 1000))
}

function isFiltered(filter: LedgerFilter): boolean {
  return JSON.stringify({ ...filter, parts: false }) !== JSON.stringify(EVERYTHING)
}

/** What is listed: who, which channel, which content, what kind, when. */
export function FilterBar() {
  const filter = useLedger((state) => state.filter)
  const setFilter = useLedger((state) => state.setFilter)
  const [round, setRound] = useState(0)
  const [kind = ''] = filter.kinds
  return (
    <search className="ledger-filter" aria-label="Filter the ledger" key={round}>
      <Field label="What">
        {(id) => (
          <select
            id={id}
            className="ledger-filter__input"
            value={kind}
            onChange={({ currentTarget }) => {
              const chosen = EntryKind.safeParse(currentTarget.value)
              setFilter({ kinds: chosen.success ? [chosen.data] : [] })
            }}
          >
            <option value="">Everything</option>
            {EntryKind.options.map((one) => (
              <option key={one} value={one}>
                {KIND_WORDS[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Person">
        {(id) => (
          <SearchField
            {...{ id, placeholder: '0x…', value: filter.person, read: addressOf }}
            onFind={(person) => setFilter({ person })}
          />
        )}
      </Field>
      <Field label="Channel">
        {(id) => (
          <SearchField
            {...{ id, placeholder: '0x… of a creator', value: filter.channel, read: addressOf }}
            onFind={(channel) => setFilter({ channel })}
          />
        )}
      </Field>
      <Field label="Content">
        {(id) => (
          <SearchField
            {...{ id, placeholder: 'CID or link', value: filter.content }}
            read={(text) => (text.length < 46 ? undefined : text)}
            onFind={(content) => setFilter({ content })}
          />
        )}
      </Field>
      <Field label="From">
        {(id) => (
          <input
            id={id}
            type="date"
            className="ledger-filter__input"
            onChange={(event) => setFilter({ since: secondsOf(event.currentTarget.value, 0) })}
          />
        )}
      </Field>
      <Field label="To">
        {(id) => (
          <input
            id={id}
            type="date"
            className="ledger-filter__input"
            onChange={(event) => setFilter({ until: secondsOf(event.currentTarget.value, 1) })}
          />
        )}
      </Field>
      <label className="ledger-filter__parts">
        <input
          type="checkbox"
          checked={filter.parts}
          onChange={(event) => setFilter({ parts: event.currentTarget.checked })}
        />
        Transfers inside other entries
      </label>
      {isFiltered(filter) && (
        <Button
          variant="quiet"
          className="button--small"
          icon={<X size={14} />}
          onClick={() => {
            setFilter({ ...EVERYTHING, parts: filter.parts })
            setRound(round + 1) // the fields begin anew
          }}
        >
          Clear
        </Button>
      )}
    </search>
  )
}
