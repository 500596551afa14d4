import type { WalletView } from '@shared/ipc/wallet-schema'
import { LOCK_CHOICES, type LockMinutes } from '@shared/wallet/account'
import { FileDown, Import, KeyRound, Pencil, Plus, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Segmented } from '@/ui/Segmented'
import { TextPrompt } from '@/ui/TextPrompt'
import { openSheet } from './wallet-store'
import { shortAddress } from './wallet-words'

const LOCKS = LOCK_CHOICES.map((minutes) => ({
  value: String(minutes),
  label: minutes === 0 ? 'Never' : minutes === 60 ? '1 hour' : `${minutes} min`,
}))

/** The accounts of this profile, and what can be done with the one in use. */
export function AccountSection({ wallet, account }: { wallet: WalletView; account: WalletView['accounts'][number] }) {
  const [isRenaming, setRenaming] = useState(false)
  return (
    <section aria-labelledby="wallet-accounts">
      <h2 id="wallet-accounts">Accounts</h2>
      <div className="wallet__card">
        <ul aria-label="Accounts">
          {wallet.accounts.map((one) => (
            <li key={one.address} className="wallet__row">
              <label className="wallet__account">
                <input
                  type="radio"
                  name="account"
                  checked={one.address === account.address}
                  onChange={() => void studioClient().wallet.select(one.address).catch(tellProblem)}
                />
                <span className="wallet__words">
                  <span>{one.name}</span>
                  <span className="wallet__hint">
                    {shortAddress(one.shown)}
                    {one.protection === 'device' && ' · not protected'}
                    {one.hasWords && (one.backedUp ? ' · backed up' : ' · not backed up')}
                  </span>
                </span>
              </label>
              {one.address === account.address && (
                <IconButton label="Rename" align="end" onClick={() => setRenaming(true)}>
                  <Pencil size={16} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
        {account.protection === 'passphrase' && (
          <div className="wallet__row wallet__row--wrap">
            <span className="wallet__words">Lock after</span>
            <Segmented
              label="Lock after"
              segments={LOCKS}
              value={String(wallet.lockMinutes)}
              onChange={(minutes) => {
                studioClient()
                  .wallet.setLockMinutes(Number(minutes) as LockMinutes)
                  .catch(tellProblem)
              }}
            />
          </div>
        )}
        <div className="wallet__row wallet__row--wrap">
          {account.hasWords && (
            <Button className="button--small" icon={<ScrollText size={15} />} onClick={() => openSheet('backup')}>
              Back up
            </Button>
          )}
          <Button className="button--small" icon={<KeyRound size={15} />} onClick={() => openSheet('passphrase')}>
            {account.protection === 'device' ? 'Set a passphrase' : 'Change passphrase'}
          </Button>
          <Button className="button--small" icon={<FileDown size={15} />} onClick={() => openSheet('export')}>
            Export
          </Button>
          <Button className="button--small" icon={<Plus size={15} />} onClick={() => openSheet('create')}>
            New account
          </Button>
          <Button className="button--small" icon={<Import size={15} />} onClick={() => openSheet('import')}>
            Bring one
          </Button>
        </div>
      </div>
      {isRenaming && (
        <TextPrompt
          title="Rename the account"
          label="Name"
          initial={account.name}
          accept="Rename"
          maxLength={40}
          problemOf={(text) => (text === '' ? 'Enter a name.' : null)}
          onAccept={(name) => {
            setRenaming(false)
            studioClient().wallet.rename({ address: account.address, name }).catch(tellProblem)
          }}
          onCancel={() => setRenaming(false)}
        />
      )}
    </section>
  )
}
