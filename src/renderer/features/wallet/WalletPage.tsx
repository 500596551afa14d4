import { Import, UserRoundPlus, WalletMinimal } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { AccountAdvice } from './AccountAdvice'
import { AccountHead } from './AccountHead'
import { AccountSection } from './AccountSection'
import { BudgetSection } from './BudgetSection'
import { HistoryList } from './HistoryList'
import { ReceiveDialog } from './ReceiveDialog'
import { SendDialog } from './SendDialog'
import { activeAccount, openSheet, useWallet } from './wallet-store'
import './wallet.css'

/** What the person has, has signed and may sign. Keys and passphrases are on the wallet's own sheet, never here. */
export function WalletPage() {
  const wallet = useWallet((state) => state.wallet)
  const [dialog, setDialog] = useState<'send' | 'receive' | null>(null)
  const account = activeAccount(wallet)

  if (wallet === null || account === null) {
    return (
      <div className="wallet">
        <div className="wallet__column">
          <h1>Wallet</h1>
          <EmptyState
            icon={<WalletMinimal size={30} strokeWidth={1.5} />}
            title="No account yet"
            actions={
              <>
                <Button icon={<Import size={16} />} onClick={() => openSheet('import')}>
                  Bring an account
                </Button>
                <Button variant="accent" icon={<UserRoundPlus size={16} />} onClick={() => openSheet('create')}>
                  Make account
                </Button>
              </>
            }
          >
            <p>With an account you give and receive gifts, and what you publish is signed by you.</p>
            <p>It takes a name and a passphrase. Watching and going live work without.</p>
          </EmptyState>
        </div>
      </div>
    )
  }

  const close = (): void => setDialog(null)
  return (
    <div className="wallet">
      <div className="wallet__column">
        <h1>Wallet</h1>
        <AccountAdvice wallet={wallet} account={account} />
        <AccountHead
          wallet={wallet}
          account={account}
          onSend={() => setDialog('send')}
          onReceive={() => setDialog('receive')}
        />
        <div className="wallet__parts">
          <HistoryList />
          <div className="wallet__side">
            <BudgetSection wallet={wallet} />
            <AccountSection wallet={wallet} account={account} />
          </div>
        </div>
      </div>
      {dialog === 'send' && (
        <SendDialog
          freeWei={wallet.balance?.freeWei ?? null}
          chain={wallet.ledger?.kind === 'rpc' ? wallet.ledger.name : null}
          onClose={close}
        />
      )}
      {dialog === 'receive' && (
        <ReceiveDialog
          shown={account.shown}
          chain={wallet.ledger?.kind === 'rpc' ? wallet.ledger : null}
          onClose={close}
        />
      )}
    </div>
  )
}
