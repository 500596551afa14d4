import { Download, FileSearch, Network, ScrollText, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ExportFormat } from '@shared/ledger/ledger-query'
import { MAX_COUNT } from '@shared/ledger/ledger-query'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { EntryDrawer } from './EntryDrawer'
import { EntryTable } from './EntryTable'
import { FilterBar } from './FilterBar'
import { followLedger, useLedger } from './ledger-store'
import { count, networkWords, syncWords } from './ledger-words'
import { NetworksDialog } from './NetworksDialog'
import './ledger.css'

function exportAs(format: ExportFormat): void {
  const { filter } = useLedger.getState()
  studioClient().ledger.exportEntries({ filter, format }).catch(tellProblem)
}

function ExportButtons() {
  const exporting = useLedger((state) => state.ledger?.exporting ?? null)
  if (exporting !== null) {
    return (
      <span className="ledger__export" role="status">
        <progress aria-label="Export" value={exporting.done} max={Math.max(1, exporting.total)} />
        <span className="tabular">
          {count(exporting.done)} of {count(exporting.total)}
        </span>
        <Button icon={<X size={16} />} onClick={() => void studioClient().ledger.cancelExport().catch(tellProblem)}>
          Cancel
        </Button>
      </span>
    )
  }
  return (
    <>
      <Button icon={<Download size={16} />} aria-label="Export as CSV" onClick={() => exportAs('csv')}>
        CSV
      </Button>
      <Button icon={<Download size={16} />} aria-label="Export as JSON" onClick={() => exportAs('json')}>
        JSON
      </Button>
    </>
  )
}

function Header({ onNetworks }: { onNetworks: () => void }) {
  const ledger = useLedger((state) => state.ledger)
  const total = useLedger((state) => state.total)
  const network = ledger?.networks.find(({ key }) => key === ledger.active)
  return (
    <header className="ledger__header">
      <div className="ledger__title">
        <h1>Ledger</h1>
        {network !== undefined && (
          <span className="value-badge" data-kind={network.kind}>
            {networkWords(network)}
          </span>
        )}
        <p className="ledger__status" role="status">
          {syncWords(ledger?.sync)}
          {ledger?.sync.state === 'current' && total > 0 && ` · ${count(total)}${total >= MAX_COUNT ? '+' : ''} listed`}
        </p>
      </div>
      {total > 0 && <ExportButtons />}
      <Button icon={<Network size={16} />} onClick={onNetworks}>
        Networks
      </Button>
    </header>
  )
}

function Nothing() {
  const sync = useLedger((state) => state.ledger?.sync)
  const problem = useLedger((state) => state.problem)
  const filter = useLedger((state) => state.filter)
  const loading = useLedger((state) => state.loading)
  if (problem !== null || sync?.state === 'stopped') {
    return (
      <EmptyState icon={<ScrollText size={30} strokeWidth={1.5} />} title="The ledger cannot be read now">
        <p>{problem ?? syncWords(sync)}</p>
        <p>It is tried again by itself. Under Networks you can use another one.</p>
      </EmptyState>
    )
  }
  if (loading || sync?.state !== 'current') {
    return (
      <div className="ledger__busy">
        <span className="spinner spinner--large" aria-hidden="true" />
        {syncWords(sync)}
      </div>
    )
  }
  const isFiltered = Object.values(filter).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)))
  return isFiltered ? (
    <EmptyState icon={<FileSearch size={30} strokeWidth={1.5} />} title="Nothing like that on this ledger">
      <p>Try a longer time, another kind, or clear the filters.</p>
    </EmptyState>
  ) : (
    <EmptyState icon={<ScrollText size={30} strokeWidth={1.5} />} title="Nothing has happened here yet">
      <p>Gifts, settlements, registered works and live packets appear here as soon as they are in a block.</p>
      <p>Each row says who answers for it, and nobody can change it afterwards: not even we.</p>
    </EmptyState>
  )
}

/** Everything that happened on the ledger in use, to be looked up and checked. */
export function LedgerPage({ visible }: { visible: boolean }) {
  const hasEntries = useLedger((state) => state.entries.length > 0)
  const chosen = useLedger((state) => state.chosen)
  const [seen, setSeen] = useState(visible)
  const [networks, setNetworks] = useState(false)
  if (visible && !seen) setSeen(true)

  useEffect(() => (seen ? followLedger(studioClient()) : undefined), [seen])

  return (
    <div className="ledger">
      <div className="ledger__column">
        <Header onNetworks={() => setNetworks(true)} />
        <FilterBar />
        {hasEntries ? <EntryTable /> : <Nothing />}
      </div>
      {chosen !== null && <EntryDrawer details={chosen} />}
      {networks && <NetworksDialog onClose={() => setNetworks(false)} />}
    </div>
  )
}
