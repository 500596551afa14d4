import type { AddressCheck } from '@shared/ipc/wallet-schema'
import { formatWe, parseWe } from '@shared/money/we-amount'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { useToasts } from '@/ui/toast-store'

interface SendDialogProps {
  freeWei: bigint | null
  /** Name of the real chain in front; null: a ledger of test value. */
  chain: string | null
  onClose: () => void
}

/** Sends WE to an address: checked while it is typed; the person agrees on the wallet's sheet afterwards. */
export function SendDialog({ freeWei, chain, onClose }: SendDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [to, setTo] = useState('')
  const [amount, setAmount] = useState('')
  const [check, setCheck] = useState<AddressCheck | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const show = useToasts((state) => state.show)
  const id = useId()
  const wei = parseWe(amount)
  const tooMuch = wei !== null && freeWei !== null && wei > freeWei

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  useEffect(() => {
    if (to.trim() === '') return
    let current = true
    const timer = setTimeout(() => {
      studioClient()
        .wallet.checkAddress(to)
        .then(
          (found) => current && setCheck(found),
          () => undefined, // said when it is sent
        )
    }, 150)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [to])

  const send = async (): Promise<void> => {
    const found = await studioClient().wallet.checkAddress(to)
    setCheck(found)
    if (found.state === 'none') return
    if (wei === null || wei === 0n) {
      setProblem('Enter an amount, for example 12.5')
      return
    }
    await studioClient().wallet.send({ to: found.address, amountWei: wei })
    show('info', `${formatWe(wei)} WE sent to ${found.name ?? found.shown}.`)
    onClose()
  }

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setProblem(null)
    setBusy(true)
    send()
      .catch((error: unknown) => setProblem(describeProblem(error).message))
      .finally(() => setBusy(false))
  }

  const checked = to.trim() === '' ? null : check
  return (
    <dialog ref={dialog} className="wallet-dialog" aria-labelledby={`${id}-title`} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <h2 id={`${id}-title`}>Send WE</h2>
        <div className="field">
          <label htmlFor={`${id}-to`}>To</label>
          <input
            id={`${id}-to`}
            type="text"
            className="wallet-dialog__address"
            placeholder="0x…"
            spellCheck={false}
            autoComplete="off"
            maxLength={200}
            value={to}
            aria-invalid={checked?.state === 'none'}
            aria-describedby={`${id}-check`}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <div id={`${id}-check`} role="status" className="wallet-dialog__check">
            {checked?.state === 'none' && <span className="wallet-dialog__problem">{checked.message}</span>}
            {checked?.state === 'found' && checked.name !== null && <span>This is {checked.name}.</span>}
            {checked?.state === 'found' && checked.warning !== null && (
              <span className="wallet-dialog__warning">
                <TriangleAlert size={14} aria-hidden="true" />
                {checked.warning}
              </span>
            )}
          </div>
        </div>
        <div className="field">
          <label htmlFor={`${id}-amount`}>Amount in WE</label>
          <input
            id={`${id}-amount`}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            maxLength={40}
            value={amount}
            aria-invalid={tooMuch}
            aria-describedby={`${id}-have`}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <span id={`${id}-have`} className={tooMuch ? 'wallet-dialog__problem' : 'wallet-dialog__check'}>
            {freeWei === null ? 'The balance is not known.' : `You have ${formatWe(freeWei)} WE.`}
          </span>
        </div>
        {chain !== null && !busy && (
          <p className="wallet-dialog__check">
            <strong>Real value on {chain}.</strong> It is tried out first; then you see the network fee and are asked.
          </p>
        )}
        {chain !== null && busy && (
          <p role="status" className="wallet-dialog__check">
            Trying it out, asking you, then waiting for a block of {chain}. After your yes you can close this: it goes
            on, and the history shows it.
          </p>
        )}
        <p role="alert" className="wallet-dialog__problem">
          {problem}
        </p>
        <div className="wallet-dialog__buttons">
          <Button variant="quiet" onClick={onClose}>
            {busy && chain !== null ? 'Close' : 'Cancel'}
          </Button>
          <Button type="submit" variant="accent" busy={busy} disabled={tooMuch}>
            Send
          </Button>
        </div>
      </form>
    </dialog>
  )
}
