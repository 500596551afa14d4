import type { ViewerGifts } from '@shared/gifts/gift-state'
import { formatWe } from '@shared/money/we-amount'
import { Trophy } from 'lucide-react'
import { useState } from 'react'
import { EmptyState } from '@/ui/EmptyState'

type Totals = Pick<ViewerGifts, 'totalWei' | 'supporters' | 'votes'>

const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 3 })

/** Who gave most, each with the vote that comes of it and every number of that vote. */
export function TopSupporters({ totals }: { totals: Totals }) {
  const [explained, setExplained] = useState<string | null>(null)
  const { supporters, votes, totalWei } = totals
  if (supporters.length === 0) {
    return (
      <EmptyState icon={<Trophy size={26} />} title="Nobody has given yet">
        <p>Who gives most in this live stands here, for everybody to see.</p>
      </EmptyState>
    )
  }
  return (
    <div className="supporters">
      <p className="supporters__total">
        <strong data-stat="gift-total">{formatWe(totalWei)} WE</strong> given in this live
      </p>
      <ol className="supporters__list">
        {supporters.map(({ payer, name, amountWei, gifts }, at) => {
          const parts = votes.find((vote) => vote.payer === payer)
          const isOpen = explained === payer
          return (
            <li key={payer}>
              <div className="supporter">
                <span className="supporter__place" data-place={at + 1}>
                  {at + 1}
                </span>
                <span className="supporter__name" title={payer}>
                  {name === '' ? `${payer.slice(0, 6)}…${payer.slice(-4)}` : name}
                  <small>
                    {gifts} {gifts === 1 ? 'gift' : 'gifts'}
                  </small>
                </span>
                <span className="supporter__amount">{formatWe(amountWei)} WE</span>
                {parts && (
                  <button
                    type="button"
                    className="supporter__vote"
                    aria-expanded={isOpen}
                    aria-label={`Vote ${number(parts.vote)}: how it is counted`}
                    onClick={() => setExplained(isOpen ? null : payer)}
                  >
                    vote {number(parts.vote)}
                  </button>
                )}
              </div>
              {isOpen && parts && (
                <dl className="vote-parts">
                  <div>
                    <dt>Given here</dt>
                    <dd>{number(parts.given)} WE</dd>
                  </div>
                  <div>
                    <dt>Still fresh (half after each 20 minutes)</dt>
                    <dd>{number(parts.fresh)} WE</dd>
                  </div>
                  <div>
                    <dt>Fresh over all lives known here</dt>
                    <dd>{number(parts.freshEverywhere)} WE</dd>
                  </div>
                  <div>
                    <dt>Mass (stake and age of the account)</dt>
                    <dd>{parts.mass === 0 ? '0: no stake yet' : number(parts.mass)}</dd>
                  </div>
                  <div className="vote-parts__sum">
                    <dt>
                      {number(parts.mass)} × {number(parts.fresh)} ÷ (20 + {number(parts.freshEverywhere)})
                    </dt>
                    <dd>{number(parts.vote)}</dd>
                  </div>
                  <p>
                    Votes order public lists. They fade with time, cannot be bought without stake, and change nobody’s
                    income.
                  </p>
                </dl>
              )}
            </li>
          )
        })}
      </ol>
    </div>
  )
}
