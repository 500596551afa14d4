import { formatWe } from '@shared/money/we-amount'
import { Palette, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { AddChain } from './AddChain'
import { budgetWords } from './budget-words'
import { GiftCombo } from './gift-combo'
import { useGifts } from './gift-store'
import { GiftDesigner } from './GiftDesigner'
import { GiftTile } from './GiftTile'
import { shareWords } from './share-words'
import { TopSupporters } from './TopSupporters'
import './gift-drawer.css'

const tell = (error: unknown): void => useToasts.getState().show('problem', describeProblem(error).message)

/** What can be given in the watched live, what it costs, and who gets which part of it. */
export function GiftDrawer({ onClose }: { onClose: () => void }) {
  const viewer = useGifts((state) => state.viewer)
  const [chosenId, setChosenId] = useState(1)
  const [text, setText] = useState('')
  const [pending, setPending] = useState(0)
  const [sending, setSending] = useState(0)
  const [designing, setDesigning] = useState(false)
  const [tab, setTab] = useState<'gifts' | 'supporters'>('gifts')
  const words = useRef(text)
  useEffect(() => {
    words.current = text
  }, [text])

  const [combo, setCombo] = useState<GiftCombo | null>(null)
  useEffect(() => {
    const made = new GiftCombo((qty) => {
      setSending((count) => count + 1)
      studioClient()
        .gifts.give({ giftId: chosenId, qty, text: words.current.trim() })
        .then(() => setText(''))
        .catch(tell)
        .finally(() => setSending((count) => count - 1))
    }, setPending)
    setCombo(made)
    return () => made.close()
  }, [chosenId])

  if (viewer === null) return null
  const { readiness, gifts, depositLeftWei, balanceWei, budget, isTest } = viewer
  const chosen = gifts.find(({ id }) => id === chosenId) ?? gifts[0]
  const hasMoney = depositLeftWei + balanceWei > 0n
  const isReady = readiness.state === 'ready'

  return (
    <section className="gift-drawer" aria-label="Gifts" data-theme="dark">
      <header className="gift-drawer__header">
        <div role="tablist" aria-label="Gifts" className="gift-drawer__tabs">
          {(['gifts', 'supporters'] as const).map((id) => (
            <button key={id} type="button" role="tab" aria-selected={tab === id} onClick={() => setTab(id)}>
              {id === 'gifts' ? 'Gifts' : 'Top supporters'}
            </button>
          ))}
        </div>
        <IconButton label="Close gifts" variant="glass" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      {tab === 'supporters' ? (
        <div className="gift-drawer__body">
          <TopSupporters totals={viewer} />
        </div>
      ) : (
        <>
          {readiness.state === 'failed' && (
            <p className="gift-drawer__note" role="alert">
              {readiness.message}
            </p>
          )}
          {readiness.state === 'failed' && readiness.code === 'chain-missing' && <AddChain />}
          {readiness.state === 'opening' && (
            <p className="gift-drawer__note" role="status">
              <span className="spinner" aria-hidden="true" /> Opening the ledger of this live…
            </p>
          )}
          <div className="gift-drawer__body">
            <div role="radiogroup" aria-label="Which gift" className="gift-grid">
              {gifts.map((gift) => (
                <GiftTile
                  key={gift.id}
                  gift={gift}
                  chosen={gift.id === chosen?.id}
                  onChoose={() => setChosenId(gift.id)}
                />
              ))}
              {isReady && (
                <button type="button" className="gift-tile gift-tile--design" onClick={() => setDesigning(true)}>
                  <span className="gift-tile__art">
                    <Palette size={26} strokeWidth={1.5} />
                  </span>
                  <span className="gift-tile__name">Your own</span>
                  <span className="gift-tile__price">design it</span>
                </button>
              )}
            </div>
          </div>
          <footer className="gift-drawer__footer">
            {readiness.state === 'no-account' ? (
              <div className="gift-drawer__teach">
                <p>
                  <strong>Send a gift to who you watch.</strong> You need an account for it: a name and a passphrase,
                  nothing else. {isTest && 'You get 1,000 test WE to try it.'}
                </p>
                <Button variant="accent" onClick={() => void studioClient().gifts.makeAccount().catch(tell)}>
                  Make an account
                </Button>
              </div>
            ) : (
              <>
                <div className="gift-drawer__money">
                  <p>
                    <span
                      data-stat="balance"
                      title="What you can give. A fifth of what is set aside for gifts is held as a security beside it; it stays yours."
                    >
                      {formatWe(depositLeftWei + balanceWei)} WE{isTest && <em> test value</em>}
                    </span>
                    {budget !== null && (
                      <span data-stat="budget" title="Given in this live without a question; set it on the Wallet page">
                        {budgetWords(budget, chosen?.priceWei ?? 0n)}
                      </span>
                    )}
                  </p>
                  {isReady && chosen && <p data-stat="shares">{shareWords(viewer, chosen)}</p>}
                </div>
                {isReady && !hasMoney && isTest ? (
                  <Button variant="accent" onClick={() => void studioClient().gifts.claim().catch(tell)}>
                    Get 1,000 test WE
                  </Button>
                ) : (
                  <div className="gift-drawer__send">
                    <input
                      type="text"
                      aria-label="A few words with it"
                      placeholder="Say something with it"
                      maxLength={120}
                      value={text}
                      onChange={(event) => setText(event.currentTarget.value)}
                      onKeyDown={(event) => event.stopPropagation()}
                    />
                    <Button
                      variant="accent"
                      className="gift-drawer__give"
                      disabled={!isReady || chosen === undefined}
                      aria-busy={sending > 0 || undefined}
                      title="Click again, or hold, for a combo"
                      onPointerDown={() => combo?.press()}
                      onPointerUp={() => combo?.release()}
                      onPointerLeave={() => combo?.release()}
                      onKeyDown={(event) => {
                        if (event.key !== 'Enter' && event.key !== ' ') return
                        event.preventDefault()
                        combo?.press()
                        combo?.release()
                      }}
                    >
                      {pending > 0 ? `×${pending}` : `Send${chosen ? ` · ${formatWe(chosen.priceWei)} WE` : ''}`}
                    </Button>
                  </div>
                )}
              </>
            )}
          </footer>
        </>
      )}
      {designing && <GiftDesigner feeWei={viewer.defineFeeWei} onDone={() => setDesigning(false)} />}
    </section>
  )
}
