import { MAX_DESIGNER_BPS } from '@shared/gifts/tab-limits'
import { formatWe, parseWe, WEI_PER_WE } from '@shared/money/we-amount'
import { ImagePlus } from 'lucide-react'
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { imageOf } from './gift-store'

const DEAREST = 10_000n * WEI_PER_WE

/** In 1/10,000; the contract's ceiling is the last. */
const PARTS = [0, 200, 500, 1_000, 1_500, MAX_DESIGNER_BPS] as const

/** A gift of one's own: a picture, a name, a price, and the designer's part. */
export function GiftDesigner({ feeWei, onDone }: { feeWei: bigint; onDone: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [picture, setPicture] = useState<{ cid: string; name: string } | null>(null)
  const [name, setName] = useState('')
  const [price, setPrice] = useState('5')
  const [part, setPart] = useState(500)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])

  const choose = async (): Promise<void> => {
    try {
      const chosen = await studioClient().gifts.choosePicture()
      if (chosen !== null) setPicture(chosen)
    } catch (error) {
      setProblem(describeProblem(error).message)
    }
  }
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const priceWei = parseWe(price)
    if (picture === null) {
      setProblem('Choose a picture first.')
      return
    }
    if (name.trim() === '') {
      setProblem('Give it a name.')
      return
    }
    if (priceWei === null || priceWei === 0n || priceWei > DEAREST) {
      setProblem('The price is a number of WE, up to 10,000.')
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      await studioClient().gifts.design({ name: name.trim(), priceWei, pictureCid: picture.cid, designerBps: part })
      dialog.current?.close()
    } catch (error) {
      setProblem(describeProblem(error).message)
      setBusy(false)
    }
  }
  const image = picture === null ? null : imageOf({ key: null, mediaCid: picture.cid })
  return (
    <dialog ref={dialog} className="gift-designer" aria-labelledby={`${id}-title`} onClose={onDone}>
      <form onSubmit={(event) => void submit(event)} noValidate onKeyDown={(event) => event.stopPropagation()}>
        <h2 id={`${id}-title`}>Design a gift</h2>
        <p>
          Anybody can give it from then on, in every live on this ledger. Price and part are never changed later. Your
          part is paid to you whenever the creator collects; who gives the gift sees it first.
        </p>
        <div className="gift-designer__columns">
          <button type="button" className="gift-designer__picture" onClick={() => void choose()}>
            {image === null ? (
              <>
                <ImagePlus size={28} strokeWidth={1.5} aria-hidden="true" />
                Choose a picture
              </>
            ) : (
              <img src={image} alt={picture?.name ?? ''} />
            )}
          </button>
          <div className="gift-designer__fields">
            <div className="field">
              <label htmlFor={`${id}-name`}>Name</label>
              <input
                id={`${id}-name`}
                type="text"
                maxLength={32}
                value={name}
                placeholder="Cat hug"
                onChange={(event) => setName(event.currentTarget.value)}
              />
            </div>
            <div className="field">
              <label htmlFor={`${id}-price`}>Price in WE</label>
              <input
                id={`${id}-price`}
                type="text"
                inputMode="decimal"
                value={price}
                onChange={(event) => setPrice(event.currentTarget.value)}
              />
            </div>
            <div className="field">
              <label htmlFor={`${id}-part`}>Your part of each</label>
              <select id={`${id}-part`} value={part} onChange={(event) => setPart(Number(event.currentTarget.value))}>
                {PARTS.map((bps) => (
                  <option key={bps} value={bps}>
                    {bps === 0 ? 'None: all is the creator’s' : `${bps / 100} %`}
                  </option>
                ))}
              </select>
            </div>
          </div>
        </div>
        {problem !== null && (
          <p className="field__problem" role="alert">
            {problem}
          </p>
        )}
        <div className="gift-designer__buttons">
          <Button variant="quiet" onClick={() => dialog.current?.close()}>
            Cancel
          </Button>
          <Button type="submit" variant="accent" busy={busy}>
            Publish for {formatWe(feeWei)} WE
          </Button>
        </div>
      </form>
    </dialog>
  )
}
