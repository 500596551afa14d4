import type { WalletView } from '@shared/ipc/wallet-schema'
import { Network, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { NetworksDialog } from '@/features/ledger/NetworksDialog'
import { Button } from '@/ui/Button'

/** Which network is in front. From a real chain back to the ledger of test value is one press. */
export function NetworkSwitch({ wallet }: { wallet: WalletView }) {
  const { ledger, networks } = wallet
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [listed, setListed] = useState(false)
  if (ledger === null) return null

  const choose = (key: string | null): void => {
    setBusy(true)
    setProblem(null)
    studioClient()
      .wallet.chooseNetwork(key)
      .catch((error: unknown) => setProblem(describeProblem(error).message))
      .finally(() => setBusy(false))
  }

  return (
    <div className="wallet__network">
      {networks.length > 1 && (
        <label className="wallet__choice">
          <span>Network</span>
          <select value={ledger.key} disabled={busy} onChange={(event) => choose(event.currentTarget.value)}>
            {networks.map(({ key, name, kind }) => (
              <option key={key} value={key}>
                {name} ({kind === 'local' ? 'test value' : 'real value'})
              </option>
            ))}
          </select>
        </label>
      )}
      {ledger.kind === 'rpc' && (
        <Button className="button--small" icon={<Undo2 size={15} />} busy={busy} onClick={() => choose(null)}>
          Back to the local ledger
        </Button>
      )}
      <Button
        variant="quiet"
        className="button--small"
        icon={<Network size={15} />}
        disabled={busy}
        onClick={() => setListed(true)}
      >
        {networks.length > 1 ? 'Networks' : 'Use a real chain'}
      </Button>
      {busy && <span role="status">Asking its nodes…</span>}
      {problem !== null && (
        <p className="wallet__problem" role="alert">
          {problem}
        </p>
      )}
      {listed && (
        <NetworksDialog
          startsWithForm={networks.length < 2}
          use={{
            ...{ active: ledger.key, withFollowed: false, words: { choose: 'Use', chosen: 'In use' } },
            choose: (key) => studioClient().wallet.chooseNetwork(key),
          }}
          onClose={() => setListed(false)}
        />
      )}
    </div>
  )
}
