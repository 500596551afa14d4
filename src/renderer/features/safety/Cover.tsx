import { EyeOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { fileMediaUrl } from '@shared/storage/file-media-url'
import { useSettings } from '@/features/settings/settings-store'
import { useCoverCheck } from './cover-check'
import './cover.css'

const WORDS: Readonly<Record<string, string>> = {
  nudity: 'May show nudity',
  sexual: 'May be sexual',
  violence: 'Shows violence',
  flashing: 'Flashing pictures',
}

interface CoverProps {
  /** Of the picture; none: an empty field. */
  cid: string | undefined
  /** Said by its author or by somebody whose labels are heeded; null: nothing is. */
  label: string | null
  className?: string
}

/**
 * The picture of a video, veiled when it is labelled or this computer finds that it may show nudity. A press lifts the
 * veil; the picture itself says nothing to screen readers, the title beside it does.
 */
export function Cover({ cid, label, className = '' }: CoverProps) {
  const isChecking = useSettings((state) => state.settings.checkCovers)
  const found = useCoverCheck((state) => (cid === undefined ? null : (state.labels.get(cid) ?? null)))
  const check = useCoverCheck((state) => state.check)
  const [shown, setShown] = useState(false)
  const veil = shown ? null : (label ?? (isChecking ? found : null))

  useEffect(() => {
    if (isChecking && label === null && cid !== undefined) check(cid)
  }, [isChecking, label, cid, check])

  return (
    <span className={`cover ${className}`} data-veiled={veil !== null || undefined}>
      {cid !== undefined && <img className="cover__picture" src={fileMediaUrl(cid)} alt="" loading="lazy" />}
      {veil !== null && (
        <button
          type="button"
          className="cover__veil"
          onClick={(event) => {
            event.stopPropagation()
            event.preventDefault()
            setShown(true)
          }}
        >
          <EyeOff size={18} aria-hidden="true" />
          {WORDS[veil] ?? `Labelled “${veil}”`}
          <span className="cover__show">Show</span>
        </button>
      )}
    </span>
  )
}
