import type { KeyboardEvent } from 'react'
import { entryWords, KIND_WORDS } from '@shared/ledger/entry-words'
import type { LedgerEntry } from '@shared/ledger/ledger-entry'
import { formatWe } from '@shared/money/we-amount'
import { Button } from '@/ui/Button'
import { classNames } from '@/ui/class-names'
import { KindIcon } from './KindIcon'
import { useLedger } from './ledger-store'
import { count, timeWords } from './ledger-words'

/** Arrows walk through the rows, as in a list. */
function walk(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.entry__open')]
  const at = rows.findIndex((row) => row === document.activeElement)
  rows[at + step]?.focus()
  event.preventDefault()
}

function EntryRow({ entry }: { entry: LedgerEntry }) {
  const isChosen = useLedger((state) => state.chosen?.entry.id === entry.id)
  const choose = useLedger((state) => state.choose)
  return (
    <tr className={classNames('entry', isChosen && 'entry--chosen', entry.failed && 'entry--failed')}>
      <td className="entry__time tabular">{timeWords(entry.time)}</td>
      <th scope="row">
        <button
          type="button"
          className="entry__open"
          aria-pressed={isChosen}
          onClick={() => void choose(isChosen ? null : entry.id)}
        >
          <span className="entry__icon">
            <KindIcon kind={entry.kind} />
          </span>
          <span className="entry__words">
            <span className="entry__kind">{KIND_WORDS[entry.kind]}</span>
            <span className="entry__sentence">{entryWords(entry)}</span>
          </span>
        </button>
      </th>
      <td className="entry__amount tabular">
        {entry.amountWei !== null && entry.kind !== 'approval' && (
          <>
            {formatWe(entry.amountWei)} <span className="entry__unit">WE</span>
          </>
        )}
      </td>
      <td className="entry__block tabular">
        {count(entry.block)}
        {!entry.settled && <span className="entry__open-mark">not final</span>}
        {entry.failed && <span className="entry__open-mark">refused</span>}
      </td>
    </tr>
  )
}

/** What happened, newest first. */
export function EntryTable() {
  const entries = useLedger((state) => state.entries)
  const next = useLedger((state) => state.next)
  const more = useLedger((state) => state.more)
  return (
    <div className="ledger__list">
      <table className="ledger__table" aria-label="Ledger entries, newest first">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What happened</th>
            <th scope="col" className="ledger__number">
              Amount
            </th>
            <th scope="col" className="ledger__number">
              Block
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={walk}>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
      {next !== null && (
        <div className="ledger__more">
          <Button onClick={() => void more()}>Show more</Button>
        </div>
      )}
    </div>
  )
}
