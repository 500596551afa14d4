import { coinWords } from '@shared/money/coin-words'
import { formatWe } from '@shared/money/we-amount'
import type { WalletView } from '@shared/ipc/wallet-schema'
import { ArrowDownLeft, ArrowUpRight, Copy, Lock, LockOpen } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { NetworkSwitch } from './NetworkSwitch'
import { openSheet } from './wallet-store'

interface AccountHeadProps {
  wallet: WalletView
  account: WalletView['accounts'][number]
  onSend: () => void
  onReceive: () => void
}

/** Who the person is and what there is, with the two things to do about it. */
export function AccountHead({ wallet, account, onSend, onReceive }: AccountHeadProps) {
  const show = useToasts((state) => state.show)
  const { balance, ledger, locked } = wallet

  const copy = (): void => {
    studioClient()
      .app.copyText(account.shown)
      .then(() => show('info', 'Address copied.'), tellProblem)
  }

  return (
    <section className="wallet__head" aria-label="Balance">
      <div className="wallet__who">
        <h2>{account.name}</h2>
        <span className="wallet__address selectable">{account.shown}</span>
        <IconButton label="Copy address" onClick={copy}>
          <Copy size={16} />
        </IconButton>
      </div>
      <p className="wallet__balance tabular">
        {balance === null ? '–' : formatWe(balance.freeWei)} <span>WE</span>
      </p>
      <p className="wallet__sub">
        {ledger === null ? 'No ledger is open, so the balance is not known.' : <FrontWords ledger={ledger} />}
        {balance !== null && balance.depositWei > 0n && ` · ${formatWe(balance.depositWei)} WE set aside for gifts`}
        {balance?.coinWei != null && ` · ${coinWords(balance.coinWei)} ${ledger?.coin ?? 'coins'} for network fees`}
      </p>
      {wallet.balanceProblem !== null && (
        <p className="wallet__problem" role="status">
          {wallet.balanceProblem}
        </p>
      )}
      <div className="wallet__actions">
        <Button variant="accent" icon={<ArrowUpRight size={16} />} disabled={ledger === null} onClick={onSend}>
          Send
        </Button>
        <Button icon={<ArrowDownLeft size={16} />} onClick={onReceive}>
          Receive
        </Button>
        {account.protection === 'passphrase' &&
          (locked ? (
            <Button variant="quiet" icon={<LockOpen size={16} />} onClick={() => openSheet('unlock')}>
              Unlock
            </Button>
          ) : (
            <Button
              variant="quiet"
              icon={<Lock size={16} />}
              onClick={() => void studioClient().wallet.lock().catch(tellProblem)}
            >
              Lock
            </Button>
          ))}
      </div>
      <NetworkSwitch wallet={wallet} />
    </section>
  )
}

/** Never in doubt: whether this is play or money. */
function FrontWords({ ledger }: { ledger: NonNullable<WalletView['ledger']> }) {
  return (
    <span className="value-badge" data-kind={ledger.kind}>
      {ledger.name}: {ledger.kind === 'local' ? 'test value only' : 'real value'}
    </span>
  )
}
