import type { WalletView } from '@shared/ipc/wallet-schema'
import { formatWe, parseWe, plainWe } from '@shared/money/we-amount'
import { MAX_BUDGET } from '@shared/wallet/room-budget'
import { useId, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'

/** What may be given without a question, and how much of it is left in the rooms that are open. */
export function BudgetSection({ wallet }: { wallet: WalletView }) {
  const { limits, rooms } = wallet
  return (
    <section aria-labelledby="wallet-budget">
      <h2 id="wallet-budget">Giving without a question</h2>
      <div className="wallet__card">
        <LimitsForm key={`${limits.perDayWei}/${limits.perGiftWei}`} limits={limits} />
        {rooms.map(({ room, name, limits: own, leftWei }) => (
          <div key={room} className="wallet__row">
            <div className="wallet__words">
              <span>{name}</span>
              <span className="wallet__hint">
                {formatWe(leftWei)} of {formatWe(own.perDayWei)} WE left today
              </span>
            </div>
          </div>
        ))}
      </div>
    </section>
  )
}

function LimitsForm({ limits }: { limits: WalletView['limits'] }) {
  const [day, setDay] = useState(plainWe(limits.perDayWei))
  const [gift, setGift] = useState(plainWe(limits.perGiftWei))
  const id = useId()
  const perDayWei = parseWe(day)
  const perGiftWei = parseWe(gift)
  const problem =
    perDayWei === null || perGiftWei === null
      ? 'Enter amounts of WE, for example 50'
      : perDayWei > MAX_BUDGET
        ? `At most ${formatWe(MAX_BUDGET)} WE a day.`
        : perGiftWei > perDayWei
          ? 'One gift cannot be more than the day.'
          : null
  const isSame = perDayWei === limits.perDayWei && perGiftWei === limits.perGiftWei
  return (
    <form
      className="wallet__limits"
      onSubmit={(event) => {
        event.preventDefault()
        if (perDayWei !== null && perGiftWei !== null && problem === null) {
          studioClient().wallet.setLimits({ perDayWei, perGiftWei }).catch(tellProblem)
        }
      }}
    >
      <label htmlFor={`${id}-day`}>A day, in each room</label>
      <input
        id={`${id}-day`}
        inputMode="decimal"
        value={day}
        maxLength={20}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <label htmlFor={`${id}-gift`}>One gift at most</label>
      <input
        id={`${id}-gift`}
        inputMode="decimal"
        value={gift}
        maxLength={20}
        onChange={(event) => setGift(event.currentTarget.value)}
      />
      <p className="wallet__hint" role="status">
        {problem ?? 'In WE. Gifts above this ask you first, and so does everything that is no gift. 0 asks always.'}
      </p>
      {!isSame && (
        <Button type="submit" className="button--small" disabled={problem !== null}>
          Save
        </Button>
      )}
    </form>
  )
}
