import { Copy } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { useToasts } from '@/ui/toast-store'
import { QrCode } from './QrCode'

interface ReceiveDialogProps {
  shown: string
  /** The real chain in front; null: a ledger of test value. */
  chain: { name: string; coin: string | null } | null
  onClose: () => void
}

/** The account's address to be copied or scanned. */
export function ReceiveDialog({ shown, chain, onClose }: ReceiveDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const show = useToasts((state) => state.show)
  const id = useId()

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  const copy = (): void => {
    studioClient()
      .app.copyText(shown)
      .then(() => show('info', 'Address copied.'), tellProblem)
  }

  return (
    <dialog ref={dialog} className="wallet-dialog" aria-labelledby={id} onClose={onClose}>
      <form method="dialog">
        <h2 id={id}>Receive WE</h2>
        <QrCode text={`ethereum:${shown}`} label={`QR code of the address ${shown}`} />
        <p className="wallet-dialog__shown selectable">{shown}</p>
        <p className="wallet-dialog__check">
          {chain === null
            ? 'Here this is test value only. The address is the same on every network.'
            : `On ${chain.name}: real value. Send only WE of ${chain.name} to it, and ${chain.coin ?? 'its coin'} for network fees.`}
        </p>
        <div className="wallet-dialog__buttons">
          <Button icon={<Copy size={16} />} onClick={copy}>
            Copy address
          </Button>
          <Button variant="quiet" onClick={onClose}>
            Close
          </Button>
        </div>
      </form>
    </dialog>
  )
}
