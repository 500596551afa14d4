import { formatWe } from '@shared/money/we-amount'
import { Gift } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { AlertSwitch } from './AlertSwitch'
import { useGifts } from './gift-store'
import { carriedWords, minutesWords } from './minutes-words'
import { TopSupporters } from './TopSupporters'
import './creator-gifts.css'

const MINUTES = [60, 300, 1_200] as const
/** In 1/10,000. */
const PARTS = [0, 100, 300, 500, 1_000, 2_000] as const

/** What viewers give: totals, who gave most, collecting it; and the minutes that one may be live. */
export function CreatorGiftsDialog() {
  const isOpen = useGifts((state) => state.isOpen)
  return isOpen ? <OpenDialog /> : null
}

function OpenDialog() {
  const creator = useGifts((state) => state.creator)
  const dialog = useRef<HTMLDialogElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  useEffect(() => dialog.current?.showModal(), [])

  const run = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    setBusy(name)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(describeProblem(error).message)
    } finally {
      setBusy(null)
    }
  }
  const { gifts } = studioClient()
  return (
    <dialog
      ref={dialog}
      className="creator-gifts"
      aria-labelledby="creator-gifts-title"
      onClose={() => useGifts.setState({ isOpen: false })}
    >
      <header>
        <h2 id="creator-gifts-title">Gifts and minutes</h2>
        {creator?.isTest !== false && <span className="creator-gifts__test">Local ledger: test value</span>}
      </header>
      {creator === null || creator.readiness.state === 'no-account' ? (
        <EmptyState
          icon={<Gift size={28} />}
          title="Let your viewers give"
          actions={
            <Button variant="accent" onClick={() => void run('account', () => gifts.makeAccount())}>
              Make an account
            </Button>
          }
        >
          <p>
            With an account your lives take gifts. All is yours but the fee, never above 2 %, and the part that you set
            for who shares your live. It is a name and a passphrase, and you can go live without it.
          </p>
        </EmptyState>
      ) : creator.readiness.state === 'opening' ? (
        <p role="status" className="creator-gifts__busy">
          <span className="spinner" aria-hidden="true" /> Opening your ledger…
        </p>
      ) : creator.readiness.state === 'failed' ? (
        <p role="alert">{creator.readiness.message}</p>
      ) : (
        <div className="creator-gifts__columns">
          <div className="creator-gifts__money">
            <dl>
              <div>
                <dt>To collect</dt>
                <dd data-stat="gifts-owed">{formatWe(creator.owedWei)} WE</dd>
              </div>
              {creator.designersWei > 0n && (
                <div>
                  <dt>With it, for who designed gifts</dt>
                  <dd data-stat="gifts-designers">{formatWe(creator.designersWei)} WE</dd>
                </div>
              )}
              <div>
                <dt>Collected, in the bank</dt>
                <dd data-stat="gifts-earned">{formatWe(creator.earnedWei)} WE</dd>
              </div>
            </dl>
            <p className="creator-gifts__hint">
              Collected by itself above 10 WE every five minutes, at the end of a live, and when somebody takes the
              deposit back. The fee is {creator.feeBps / 100} %.
            </p>
            <div className="creator-gifts__actions">
              <Button
                variant="accent"
                disabled={creator.owedWei + creator.designersWei === 0n}
                busy={creator.settling || busy === 'settle'}
                onClick={() => void run('settle', () => gifts.settle())}
              >
                Collect now
              </Button>
              <Button
                disabled={creator.earnedWei === 0n}
                busy={busy === 'withdraw'}
                onClick={() => void run('withdraw', () => gifts.withdraw())}
              >
                Take out
              </Button>
            </div>
            <h3>In the picture</h3>
            <AlertSwitch />
            <h3>Sharers</h3>
            <label className="creator-gifts__part">
              Part for who shares your live
              <select
                value={creator.sharerBps}
                onChange={(event) => void run('part', () => gifts.setSharerBps(Number(event.currentTarget.value)))}
              >
                {[...new Set([...PARTS, creator.sharerBps])].map((bps) => (
                  <option key={bps} value={bps}>
                    {bps / 100} %
                  </option>
                ))}
              </select>
            </label>
            <p className="creator-gifts__hint">
              Of each gift that came through a shared link. Viewers see it before they give; a change counts from your
              next live on.
            </p>
            <h3>Minutes of live</h3>
            <p>
              {creator.packets.isFree ? (
                <>
                  <strong data-stat="minutes">Free here</strong>: none are needed on a ledger of test value. Buy some to
                  see how they are counted.
                </>
              ) : (
                <>
                  <strong data-stat="minutes">{minutesWords(creator.packets)}</strong>, counted down by signed segments
                  while you are live.
                </>
              )}{' '}
              One costs {formatWe(creator.packets.priceWei)} WE.
            </p>
            {carriedWords(creator.packets) !== null && (
              <p className="creator-gifts__hint" data-stat="minutes-kept">
                {carriedWords(creator.packets)}
              </p>
            )}
            <div className="creator-gifts__actions">
              {MINUTES.map((count) => (
                <Button
                  key={count}
                  className="button--small"
                  busy={busy === `minutes-${count}`}
                  onClick={() => void run(`minutes-${count}`, () => gifts.buyMinutes(count))}
                >
                  + {count / 60} h · {formatWe(creator.packets.priceWei * BigInt(count))} WE
                </Button>
              ))}
              {creator.packets.minutes > 0 && creator.packets.leftMs === null && (
                <Button
                  variant="quiet"
                  className="button--small"
                  busy={busy === 'refund'}
                  onClick={() => void run('refund', () => gifts.refundMinutes())}
                >
                  Give back · {formatWe(creator.packets.priceWei * BigInt(creator.packets.minutes))} WE
                </Button>
              )}
            </div>
          </div>
          <div className="creator-gifts__people">
            <TopSupporters totals={creator} />
          </div>
        </div>
      )}
      {problem !== null && (
        <p className="field__problem" role="alert">
          {problem}
        </p>
      )}
      <div className="creator-gifts__buttons">
        <Button variant="quiet" onClick={() => dialog.current?.close()}>
          Close
        </Button>
      </div>
    </dialog>
  )
}
