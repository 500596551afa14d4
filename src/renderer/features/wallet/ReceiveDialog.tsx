import { Copy } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { useToasts } from '@/ui/toast-store'
import { QrCode } from './QrCode'

/** The account's address to be copied or scanned. */
export function ReceiveDialog({ shown, isTest, onClose }: { shown: string; isTest: boolean; onClose: () => void }) {
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
          {isTest
            ? 'Here this is test value only. The address is the same on every network.'
            : 'Send only WE of this network to it.'}
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
