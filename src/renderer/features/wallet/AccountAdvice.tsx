import type { WalletView } from '@shared/ipc/wallet-schema'
import { ShieldAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/ui/Button'
import { keptWords } from './wallet-words'
import { openSheet } from './wallet-store'

/** The one thing that should be done next to keep the account safe. */
export function AccountAdvice({ wallet, account }: { wallet: WalletView; account: WalletView['accounts'][number] }) {
  const { ledger } = wallet
  if (account.protection === 'device' && ledger?.kind === 'rpc') {
    return (
      <Advice
        text={`On ${ledger.name} your WE have real value, so nothing is signed there before the account has a passphrase of your own.`}
      >
        <Button className="button--small" onClick={() => openSheet('passphrase')}>
          Set a passphrase
        </Button>
      </Advice>
    )
  }
  if (account.protection === 'device') {
    return (
      <Advice
        text={`Not protected: its key is opened by a secret kept ${keptWords(wallet.keptBy)}. Whoever uses this computer can sign.`}
      >
        <Button className="button--small" onClick={() => openSheet('passphrase')}>
          Set a passphrase
        </Button>
      </Advice>
    )
  }
  if (!account.hasWords || account.backedUp) return null
  return (
    <Advice text="Not backed up: without its words the account is lost with this computer.">
      <Button className="button--small" onClick={() => openSheet('backup')}>
        Back up
      </Button>
    </Advice>
  )
}

function Advice({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="wallet__advice" role="note">
      <ShieldAlert size={18} aria-hidden="true" />
      <p>{text}</p>
      {children}
    </div>
  )
}
