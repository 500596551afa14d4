import { Copy } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import './relay.css'

/** An address or a key with its name, what it is for, and the button that copies it. */
export function CopyRow({ label, value, note }: { label: string; value: string; note?: string }) {
  const copy = (): void => {
    studioClient()
      .app.copyText(value)
      .then(() => useToasts.getState().show('info', `${label} copied.`))
      .catch(tellProblem)
  }
  return (
    <div className="copy-row">
      <span className="copy-row__label">{label}</span>
      <div className="copy-row__value">
        <code className="selectable">{value}</code>
        {note !== undefined && <p className="relay__note">{note}</p>}
      </div>
      <IconButton label={`Copy ${label}`} align="end" onClick={copy}>
        <Copy size={16} />
      </IconButton>
    </div>
  )
}
