import { Network } from 'lucide-react'
import { useState } from 'react'
import { NetworksDialog } from '@/features/ledger/NetworksDialog'
import { Button } from '@/ui/Button'

/** The way out where a live takes gifts on a chain that this person has not added; once added, the gifts open. */
export function AddChain() {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="gift-drawer__note">
      <Button icon={<Network size={16} />} onClick={() => setOpen(true)}>
        Add the network
      </Button>
      {isOpen && <NetworksDialog startsWithForm onClose={() => setOpen(false)} />}
    </div>
  )
}
