import { fileMediaUrl } from '@shared/storage/file-media-url'
import { ImagePlus, X } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { describeProblem } from '@/app/studio-client'
import { IconButton } from '@/ui/IconButton'
import type { FormPicture } from './edit-store'
import { readyPicture } from './picture-file'

interface PictureFieldProps {
  /** What it is, e.g. `Cover`. */
  label: string
  picture: FormPicture
  size: { width: number; height: number }
  onChange: (picture: FormPicture) => void
  onProblem: (message: string) => void
  className: string
  /** Without a picture. */
  children?: ReactNode
}

/** A picture that is chosen from the disk or dropped on it, and made ready in the window. */
export function PictureField({ label, picture, size, onChange, onProblem, className, children }: PictureFieldProps) {
  const [busy, setBusy] = useState(false)
  const id = useId()

  const take = (file: File | undefined): void => {
    if (file === undefined) return
    setBusy(true)
    readyPicture(file, size)
      .then(onChange, (error: unknown) => onProblem(describeProblem(error).message))
      .finally(() => setBusy(false))
  }

  return (
    <div
      className={`picture-field ${className}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        take(event.dataTransfer.files[0])
      }}
    >
      {picture === null ? children : <img src={'cid' in picture ? fileMediaUrl(picture.cid) : picture.url} alt="" />}
      <label htmlFor={id} className="picture-field__face">
        {busy ? <span className="spinner" aria-hidden="true" /> : <ImagePlus size={18} aria-hidden="true" />}
        {label}
      </label>
      <input
        id={id}
        type="file"
        accept="image/*"
        className="picture-field__input"
        onChange={(event) => {
          take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      {picture !== null && (
        <span className="picture-field__remove">
          <IconButton label={`Remove the ${label.toLowerCase()}`} variant="glass" onClick={() => onChange(null)}>
            <X size={16} />
          </IconButton>
        </span>
      )}
    </div>
  )
}
