import { Copy } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import './relay.css'

/** An address or a key with its name, and the button that copies it. */
export function CopyRow({ label, value }: { label: string; value: string }) {
  const copy = (): void => {
    studioClient()
      .app.copyText(value)
      .then(() => useToasts.getState().show('info', `${label} copied.`))
      .catch(tellProblem)
  }
  return (
    <div className="copy-row">
      <span className="copy-row__label">{label}</span>
      <code className="copy-row__value selectable">{value}</code>
      <IconButton label={`Copy ${label}`} align="end" onClick={copy}>
        <Copy size={16} />
      </IconButton>
    </div>
  )
}
