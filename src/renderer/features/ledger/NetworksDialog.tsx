import { Plus, X } from 'lucide-react'
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import type { NetworkInfo } from '@shared/ledger/ledger-state'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { followLedger, useLedger } from './ledger-store'
import { networkWords } from './ledger-words'

/** A call with what came of it. */
function useTask() {
  const [busy, setBusy] = useState(false)
  const [words, setWords] = useState<{ isProblem: boolean; text: string } | null>(null)
  const run = async (work: () => Promise<unknown>, done: string): Promise<boolean> => {
    setBusy(true)
    setWords(null)
    try {
      await work()
      setWords(done === '' ? null : { isProblem: false, text: done })
      return true
    } catch (error) {
      setWords({ isProblem: true, text: describeProblem(error).message })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, words, run }
}

function TaskWords({ words }: { words: { isProblem: boolean; text: string } | null }) {
  return (
    <p className={words?.isProblem === true ? 'networks__problem' : 'networks__fine'} role="status">
      {words?.text}
    </p>
  )
}

/** What choosing a network means to who shows the list. */
export interface NetworkUse {
  /** Key of the one that is chosen. */
  active: string | null
  choose: (key: string) => Promise<unknown>
  words: { choose: string; chosen: string }
  /** Also ledgers of others, which can be looked at only. */
  withFollowed: boolean
}

const LEDGER_PAGE = {
  choose: (key: string) => studioClient().ledger.chooseNetwork(key),
  words: { choose: 'Show', chosen: 'Shown' },
  withFollowed: true,
} as const

function NetworkRow({ network, use }: { network: NetworkInfo; use: NetworkUse }) {
  const { busy, words, run } = useTask()
  const { key, name, kind } = network
  const isActive = key === use.active
  const { ledger } = studioClient()
  return (
    <li className="networks__item" aria-label={name}>
      <span className="networks__words">
        <strong>{name}</strong>
        <span>
          {networkWords(network)}
          {network.hosts.length > 0 && ` · ${network.hosts.join(' and ')}`}
        </span>
      </span>
      {kind === 'rpc' && (
        <Button
          variant="quiet"
          busy={busy}
          onClick={() => void run(() => ledger.checkNetwork(key), 'Chain and contracts are as they should be.')}
        >
          Check
        </Button>
      )}
      {kind === 'rpc' && !isActive && (
        <Button variant="quiet" disabled={busy} onClick={() => void run(() => ledger.removeNetwork(key), '')}>
          Remove
        </Button>
      )}
      {isActive ? (
        <span className="networks__active">{use.words.chosen}</span>
      ) : (
        <Button disabled={busy} onClick={() => void run(() => use.choose(key), '')}>
          {use.words.choose}
        </Button>
      )}
      <TaskWords words={words} />
    </li>
  )
}

function AddNetworkForm() {
  const [name, setName] = useState('')
  const [rpcUrl, setRpcUrl] = useState('')
  const [second, setSecond] = useState('')
  const [contracts, setContracts] = useState('')
  const { busy, words, run } = useTask()
  const id = useId()
  const isComplete = [name, rpcUrl, contracts].every((text) => text.trim() !== '')

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const secondRpcUrl = second.trim() === '' ? null : second
    const add = () => studioClient().ledger.addNetwork({ name, rpcUrl, secondRpcUrl, contracts })
    if (await run(add, 'Added. Nothing changes until you use it.')) {
      for (const clear of [setName, setRpcUrl, setSecond, setContracts]) clear('')
    }
  }

  return (
    <form className="networks__form" onSubmit={(event) => void submit(event)}>
      <label htmlFor={`${id}-name`}>Name</label>
      <input
        id={`${id}-name`}
        type="text"
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <label htmlFor={`${id}-rpc`}>RPC address</label>
      <input
        id={`${id}-rpc`}
        {...{ type: 'text', maxLength: 500, spellCheck: false, placeholder: 'https://…', value: rpcUrl }}
        onChange={(event) => setRpcUrl(event.currentTarget.value)}
      />
      <label htmlFor={`${id}-second`}>
        Second RPC address{' '}
        <span className="networks__hint">of somebody else; if the two disagree, nothing is signed</span>
      </label>
      <input
        id={`${id}-second`}
        {...{ type: 'text', maxLength: 500, spellCheck: false, placeholder: 'optional', value: second }}
        onChange={(event) => setSecond(event.currentTarget.value)}
      />
      <label htmlFor={`${id}-contracts`}>
        Contracts <span className="networks__hint">the list of addresses that the network's people publish (JSON)</span>
      </label>
      <textarea
        id={`${id}-contracts`}
        {...{ rows: 3, maxLength: 20_000, spellCheck: false, value: contracts }}
        placeholder={'{"contracts": {"WEToken": {"address": "0x…", "codeHash": "0x…"}}}'}
        onChange={(event) => setContracts(event.currentTarget.value)}
      />
      <TaskWords words={words} />
      <Button type="submit" icon={<Plus size={16} />} busy={busy} disabled={!isComplete}>
        Connect and add
      </Button>
    </form>
  )
}

interface NetworksDialogProps {
  /** The form for a real chain is open. */
  startsWithForm?: boolean
  /** Who else than the Ledger page shows the list. */
  use?: NetworkUse
  onClose: () => void
}

/** Which ledger is looked at, and real chains to choose from; the wallet's own choice is on its page. */
export function NetworksDialog({ startsWithForm = false, use, onClose }: NetworksDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const networks = useLedger((state) => state.ledger?.networks)
  const active = useLedger((state) => state.ledger?.active ?? null)
  const shown = use ?? { ...LEDGER_PAGE, active }
  const id = useId()

  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  // other pages show it too, before the Ledger page was ever seen
  useEffect(() => followLedger(studioClient()), [])

  return (
    <dialog ref={dialog} className="networks" aria-labelledby={id} onClose={onClose}>
      <header className="networks__header">
        <h2 id={id}>Networks</h2>
        <IconButton label="Close" shortcut="Esc" side="bottom" align="end" onClick={() => dialog.current?.close()}>
          <X size={16} />
        </IconButton>
      </header>
      <ul>
        {(networks ?? [])
          .filter((network, place) => shown.withFollowed || network.kind === 'rpc' || place === 0)
          .map((network) => (
            <NetworkRow key={network.key} network={network} use={shown} />
          ))}
      </ul>
      <details open={startsWithForm}>
        <summary>Add a real chain</summary>
        <AddNetworkForm />
      </details>
    </dialog>
  )
}
