import type { MovementView } from '@shared/ipc/wallet-schema'
import { formatWe } from '@shared/money/we-amount'
import { ArrowDownLeft, ArrowUpRight, Gift, HandCoins, KeyRound, PenLine, PiggyBank } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWallet } from './wallet-store'
import { movementDetail } from './wallet-words'

const ICONS: Record<MovementView['kind'], ReactNode> = {
  gift: <Gift size={18} />,
  deposit: <PiggyBank size={18} />,
  payment: <ArrowUpRight size={18} />,
  permit: <PiggyBank size={18} />,
  call: <PenLine size={18} />,
  key: <KeyRound size={18} />,
  message: <PenLine size={18} />,
  received: <ArrowDownLeft size={18} />,
  earned: <HandCoins size={18} />,
}

const NOTHING: readonly string[] = []

/** Everything that the account has signed or got, newest first; above it what is on its way. */
export function HistoryList() {
  const movements = useWallet((state) => state.movements)
  const underWay = useWallet((state) => state.wallet?.underWay ?? NOTHING)
  return (
    <section aria-labelledby="wallet-history">
      <h2 id="wallet-history">History</h2>
      {underWay.length > 0 && (
        <ul className="wallet__card" aria-label="On its way">
          {underWay.map((words, place) => (
            <li key={`${place} ${words}`} className="wallet__row">
              <span className="wallet__icon" aria-hidden="true">
                <span className="spinner" />
              </span>
              <div className="wallet__words">
                <span>{words}</span>
                <span className="wallet__hint">On its way, not in a block yet</span>
              </div>
            </li>
          ))}
        </ul>
      )}
      {movements.length === 0 ? (
        <p className="wallet__empty">
          Nothing yet. Every gift, payment and permission that this account signs is listed here, with who agreed to it,
          and so is what comes to it.
        </p>
      ) : (
        <ul className="wallet__card">
          {movements.map((movement) => (
            <li key={movement.id} className="wallet__row">
              <span className="wallet__icon" aria-hidden="true">
                {ICONS[movement.kind]}
              </span>
              <div className="wallet__words">
                <span>{movement.title}</span>
                <span className="wallet__hint">{movementDetail(movement)}</span>
              </div>
              {movement.getsWei > 0n && (
                <span className="wallet__amount wallet__amount--in tabular">+{formatWe(movement.getsWei)} WE</span>
              )}
              {movement.paysWei > 0n && (
                <span className="wallet__amount tabular">
                  {movement.kind === 'deposit' ? '' : '−'}
                  {formatWe(movement.paysWei)} WE
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
