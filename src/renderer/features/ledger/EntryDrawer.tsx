import { Copy, ShieldCheck, X } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { entryWords, KIND_WORDS, shortHex } from '@shared/ledger/entry-words'
import type { EntryDetails } from '@shared/ledger/ledger-entry'
import { plainWe } from '@shared/money/we-amount'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { KindIcon } from './KindIcon'
import { useLedger } from './ledger-store'
import { count, ROLE_WORDS, timeWords, verifierWords } from './ledger-words'

/** Parties that are named one by one; a settlement may have hundreds. */
const SHOWN_PARTIES = 12

function copy(text: string, what: string): void {
  studioClient()
    .app.copyText(text)
    .then(() => useToasts.getState().show('info', `${what} copied.`))
    .catch(tellProblem)
}

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="drawer__row">
      <dt>{term}</dt>
      <dd className="selectable">{children}</dd>
    </div>
  )
}

function Hex({ value, what }: { value: string; what: string }) {
  return (
    <span className="drawer__hex">
      <code title={value}>{shortHex(value)}</code>
      <IconButton label={`Copy ${what}`} align="end" onClick={() => copy(value, what)}>
        <Copy size={14} />
      </IconButton>
    </span>
  )
}

function Others({ details }: { details: EntryDetails }) {
  const choose = useLedger((state) => state.choose)
  if (details.others.length === 0) return null
  return (
    <section aria-labelledby="drawer-others">
      <h3 id="drawer-others">In the same transaction</h3>
      <ul className="drawer__others">
        {details.others.map((other) => (
          <li key={other.id}>
            <button type="button" onClick={() => void choose(other.id)}>
              <KindIcon kind={other.kind} size={14} />
              {entryWords(other)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** All that is known of one entry: what happened, who says so, and in which block. */
export function EntryDrawer({ details }: { details: EntryDetails }) {
  const { entry, parties, verifier, blockHash } = details
  const choose = useLedger((state) => state.choose)
  const setFilter = useLedger((state) => state.setFilter)
  const drawer = useRef<HTMLElement>(null)

  useEffect(() => {
    drawer.current?.focus()
  }, [entry.id])

  const close = (): void => {
    void choose(null)
    document.querySelector<HTMLElement>('.entry--chosen .entry__open')?.focus()
  }

  return (
    <aside
      ref={drawer}
      tabIndex={-1}
      className="drawer"
      aria-label="Details of the entry"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
    >
      <header className="drawer__header">
        <span className="entry__icon">
          <KindIcon kind={entry.kind} size={18} />
        </span>
        <h2>{KIND_WORDS[entry.kind]}</h2>
        <IconButton label="Close details" shortcut="Esc" side="bottom" align="end" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      <p className="drawer__sentence selectable">{entryWords(entry)}.</p>
      <p className="drawer__proof">
        <ShieldCheck size={18} aria-hidden="true" />
        <span>
          {verifierWords(verifier)}{' '}
          {entry.settled ? 'It is final.' : 'Its block is not final yet and may still change.'}
        </span>
      </p>
      <dl className="drawer__rows">
        <Row term="Time">{timeWords(entry.time, true)}</Row>
        {entry.amountWei !== null && <Row term="Amount">{plainWe(entry.amountWei)} WE</Row>}
        {parties.slice(0, SHOWN_PARTIES).map(({ role, address }, at) => (
          <Row key={`${role}-${address}-${at}`} term={ROLE_WORDS[role]}>
            <button
              type="button"
              className="drawer__find"
              title="Show everything with this account"
              onClick={() => setFilter({ person: address })}
            >
              {shortHex(address)}
            </button>
            <IconButton
              label={`Copy address of ${ROLE_WORDS[role]}`}
              align="end"
              onClick={() => copy(address, 'Address')}
            >
              <Copy size={14} />
            </IconButton>
          </Row>
        ))}
        {parties.length > SHOWN_PARTIES && (
          <Row term="And">{count(parties.length - SHOWN_PARTIES)} more; an export names them all</Row>
        )}
        {entry.content.map((content) => (
          <Row key={content} term="Content">
            <Hex value={content} what="Digest" />
          </Row>
        ))}
        <Row term="Block">
          {count(entry.block)} <Hex value={blockHash} what="Block hash" />
        </Row>
        <Row term="Transaction">
          <Hex value={entry.transaction} what="Transaction hash" />
        </Row>
        {entry.contract !== '' && (
          <Row term="Contract">
            {entry.contract}
            {entry.event !== '' && ` · ${entry.event}`}
          </Row>
        )}
        {verifier.how === 'executed' && verifier.authority !== null && (
          <Row term="Signed by">
            <Hex value={verifier.authority} what="Authority" />
          </Row>
        )}
      </dl>
      <Others details={details} />
    </aside>
  )
}
