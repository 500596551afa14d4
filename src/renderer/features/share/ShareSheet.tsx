import { Copy, Globe, X } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { ShareLinks } from '@shared/ipc/sharing-schema'
import type { ShareNetwork } from '@shared/share/share-network'
import { usePage } from '@/app/page-store'
import { describeProblem, studioClient } from '@/app/studio-client'
import { useSettings } from '@/features/settings/settings-store'
import { QrCode } from '@/features/wallet/QrCode'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Segmented } from '@/ui/Segmented'
import { Toggle } from '@/ui/Toggle'
import { NETWORKS, takenWords } from './network-words'
import { useShare, type Shared } from './share-store'
import './share.css'

const FORMS = [
  { value: 'we', label: 'For WE Studio' },
  { value: 'web', label: 'For browsers' },
] as const

const WHY_WORDS = {
  'no-account': 'This link does not carry your name: you have no account yet. Make one in the wallet.',
  locked: 'This link does not carry your name: your wallet is locked. Unlock it once and open this again.',
} as const

interface Said {
  text: string
  isProblem: boolean
}

function useLinks({ subject, list = false }: Shared): { links: ShareLinks | null; problem: Said | null } {
  const [links, setLinks] = useState<ShareLinks | null>(null)
  const [problem, setProblem] = useState<Said | null>(null)
  useEffect(() => {
    let isOld = false
    studioClient()
      .sharing.links({ subject, list })
      .then(
        (made) => {
          if (!isOld) setLinks(made)
        },
        (error: unknown) => {
          if (!isOld) setProblem({ text: describeProblem(error).message, isProblem: true })
        },
      )
    return () => {
      isOld = true
    }
  }, [subject, list])
  return { links, problem }
}

function Sheet({ shared, onClose }: { shared: Shared; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const { links, problem } = useLinks(shared)
  const [form, setForm] = useState<'we' | 'web' | null>(null)
  const [said, setSaid] = useState<Said | null>(null)
  const record = useSettings(({ settings }) => settings.shareRecord)
  const remember = useSettings((state) => state.remember)

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  const shownForm = form ?? (links?.web == null ? 'we' : 'web')
  const link = links === null ? '' : shownForm === 'web' && links.web !== null ? links.web : links.we

  const take = (net: ShareNetwork): void => {
    const { subject, title, list = false } = shared
    studioClient()
      .sharing.take({ subject, title: title.slice(0, 200), list, net, web: shownForm === 'web' })
      .then(
        (came) =>
          setSaid({
            text: net === 'link' ? (shared.note ?? takenWords(net, came)) : takenWords(net, came),
            isProblem: false,
          }),
        (error: unknown) => setSaid({ text: describeProblem(error).message, isProblem: true }),
      )
  }

  return (
    <dialog ref={dialog} className="share" aria-labelledby={id} onClose={onClose}>
      <header className="share__head">
        <h2 id={id}>Share {shared.title === '' ? '' : `“${shared.title}”`}</h2>
        <IconButton label="Close" align="end" side="bottom" onClick={onClose}>
          <X size={18} />
        </IconButton>
      </header>
      <div className="share__parts">
        <div className="share__code">
          {link !== '' && <QrCode text={link} ecc="L" label={`QR code of the link to ${shared.title}`} />}
          <p className="share__hint">Scan it with a phone’s camera or with WeChat.</p>
        </div>
        <div className="share__ways">
          <ul className="share__networks" aria-label="Networks">
            {NETWORKS.map(({ net, name, mark }) => (
              <li key={net}>
                <button type="button" className="share__network" disabled={links === null} onClick={() => take(net)}>
                  <span className={`share__mark share__mark--${net}`} aria-hidden="true">
                    {mark}
                  </span>
                  {name}
                </button>
              </li>
            ))}
          </ul>
          {links?.web == null ? (
            <p className="share__hint">
              <Globe size={14} /> The link opens in WE Studio. For people without it, name a page for browsers in{' '}
              <button
                type="button"
                className="share__inline"
                onClick={() => {
                  onClose()
                  usePage.getState().go('settings')
                }}
              >
                Settings
              </button>
              .
            </p>
          ) : (
            <Segmented label="Which link" segments={FORMS} value={shownForm} onChange={setForm} />
          )}
          <div className="share__link">
            <input
              type="text"
              readOnly
              aria-label="Link"
              value={link}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Button variant="accent" icon={<Copy size={16} />} disabled={links === null} onClick={() => take('link')}>
              Copy
            </Button>
          </div>
          <p className="share__said" data-problem={(said ?? problem)?.isProblem} role="status">
            {(said ?? problem)?.text ?? (links?.why == null ? '' : WHY_WORDS[links.why])}
          </p>
          <div className="share__record">
            <Toggle
              label="Others see that you shared it"
              checked={record}
              onChange={(on) => remember({ shareRecord: on })}
            />
            <p className="share__hint">
              {record
                ? 'Your log then says what you shared and where, signed by you. The link itself carries your name either way.'
                : 'Nothing is written down. The link itself still carries your name.'}
            </p>
          </div>
        </div>
      </div>
    </dialog>
  )
}

/** The sheet to pass something on; mounted once, shown by `openShare`. */
export function ShareSheet() {
  const shared = useShare((state) => state.shared)
  const close = useShare((state) => state.close)
  return shared === null ? null : <Sheet key={shared.subject} shared={shared} onClose={close} />
}
