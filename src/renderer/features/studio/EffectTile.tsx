import type { EffectThumbnail } from '@shared/media/effect-settings'
import { useEffect, useRef, type ReactNode } from 'react'

interface EffectTileProps {
  label: string
  thumbnail: EffectThumbnail | undefined
  /** Shown while there is no picture. */
  icon?: ReactNode
  /** One of several that exclude each other, or on and off by itself. */
  role: 'radio' | 'checkbox'
  group: string
  checked: boolean
  onChange: () => void
}

/** A small picture that is chosen by a press; the input lies over it. */
export function EffectTile({ label, thumbnail, icon, role, group, checked, onChange }: EffectTileProps) {
  const canvas = useRef<HTMLCanvasElement>(null)

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || thumbnail === undefined) return
    const { width, height, pixels } = thumbnail
    const image = context.createImageData(width, height)
    image.data.set(pixels)
    context.putImageData(image, 0, 0)
  }, [thumbnail])

  return (
    <label className="looks__item" title={label}>
      <input type={role} name={group} checked={checked} onChange={onChange} />
      <span className="looks__face">
        {thumbnail === undefined ? (
          <span className="looks__picture effects__icon">{icon}</span>
        ) : (
          <canvas
            ref={canvas}
            className="looks__picture"
            width={thumbnail.width}
            height={thumbnail.height}
            aria-hidden="true"
          />
        )}
        <span className="looks__label">{label}</span>
      </span>
    </label>
  )
}
