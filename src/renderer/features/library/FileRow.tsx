import { Clapperboard, Copy, Package, Pin, PinOff, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { StoredFile } from '@shared/storage/stored-file'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { publishFromLibrary } from '@/features/channel/publishing-store'
import { byteWords } from './byte-words'
import { useLibrary } from './library-store'

const VIDEO = /\.(?:mp4|m4v|mov|mkv|webm|avi|ts|flv)$/i

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

function details(file: StoredFile): string[] {
  const size = file.complete ? byteWords(file.size) : `${byteWords(file.storedBytes)} of ${byteWords(file.size)}`
  const given = file.servedBytes > 0 ? [`${byteWords(file.servedBytes)} given to others`] : []
  return [size, DAY.format(file.addedAt), ...given]
}

/** One file: what it is, and what can be done with it. */
export function FileRow({ file }: { file: StoredFile }) {
  const [asking, setAsking] = useState(false)
  const play = useLibrary((state) => state.play)
  const show = useToasts((state) => state.show)
  const { library, app } = studioClient()
  const { cid, title, pinned } = file

  const copy = (): void => {
    app
      .copyText(file.url)
      .then(() => show('info', 'Link copied. Keep WE Studio open while others fetch it.'), tellProblem)
  }
  const togglePin = (): void => {
    ;(pinned ? library.unpin(cid) : library.pin(cid)).catch(tellProblem)
  }

  if (asking) {
    return (
      <li className="file-row file-row--asking">
        <p className="file-row__words">
          Remove <strong>{title}</strong> from this computer? Others who have it keep it.
        </p>
        <Button autoFocus onClick={() => setAsking(false)}>
          Keep it
        </Button>
        <Button variant="accent" onClick={() => void library.remove(cid).catch(tellProblem)}>
          Remove
        </Button>
      </li>
    )
  }
  return (
    <li className="file-row">
      <button
        type="button"
        className="file-row__play"
        aria-label={`Play ${title}`}
        onClick={() => void play(cid, title)}
      >
        <Play size={18} fill="currentColor" strokeWidth={0} />
      </button>
      <div className="file-row__words">
        <span className="file-row__title" title={title}>
          {title}
        </span>
        <span className="file-row__details tabular">
          {details(file).join(' · ')}
          {pinned ? (
            <span className="file-row__pin">Pinned</span>
          ) : (
            <span className="file-row__pin file-row__pin--loose">Kept while there is room</span>
          )}
        </span>
      </div>
      <IconButton label={`Copy link of ${title}`} align="end" onClick={copy}>
        <Copy size={16} />
      </IconButton>
      {VIDEO.test(title) && (
        <IconButton label={`Publish ${title} to my channel`} align="end" onClick={() => publishFromLibrary(cid, title)}>
          <Clapperboard size={16} />
        </IconButton>
      )}
      <IconButton
        label={pinned ? `Unpin ${title}` : `Pin ${title}: keep it`}
        align="end"
        aria-pressed={pinned}
        onClick={togglePin}
      >
        {pinned ? <PinOff size={16} /> : <Pin size={16} />}
      </IconButton>
      <IconButton
        label={file.complete ? `Export ${title} as CAR` : `Export ${title}: pin it first`}
        align="end"
        disabled={!file.complete}
        onClick={() => void library.exportCar({ cid, title }).catch(tellProblem)}
      >
        <Package size={16} />
      </IconButton>
      <IconButton label={`Remove ${title}`} align="end" onClick={() => setAsking(true)}>
        <Trash2 size={16} />
      </IconButton>
    </li>
  )
}
