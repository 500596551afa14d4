import type { EffectThumbnail } from '@shared/media/effect-settings'
import type { ReactNode } from 'react'
import { LookSwatch } from './LookSwatch'

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
  return (
    <label className="looks__item" title={label}>
      <input type={role} name={group} checked={checked} onChange={onChange} />
      <span className="looks__face">
        {thumbnail === undefined ? (
          <span className="looks__picture effects__icon">{icon}</span>
        ) : (
          <LookSwatch swatch={thumbnail} />
        )}
        <span className="looks__label">{label}</span>
      </span>
    </label>
  )
}
