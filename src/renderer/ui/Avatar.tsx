import { fileMediaUrl } from '@shared/storage/file-media-url'
import { useState } from 'react'
import { accountPattern, initialsOf } from './account-pattern'
import { classNames } from './class-names'
import './avatar.css'

interface AvatarProps {
  /** `0x...`, lower case: decides colours and pattern where there is no picture. */
  account: string
  /** CID of the picture. */
  cid?: string | undefined
  /** As the person is called; without it the pattern is shown. */
  name?: string | undefined
  /** Pixels. */
  size?: number
  className?: string
}

/** A person's round picture; decoration only, their name stands beside it. */
export function Avatar({ account, cid, name, size = 36, className }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null)
  const style = { width: size, height: size, '--avatar-size': `${size}px` }
  const showsPicture = cid !== undefined && cid !== broken
  const {
    hues: [from, to],
    cells,
  } = accountPattern(account)
  const initials = initialsOf(name ?? '')
  return (
    <span
      className={classNames('avatar', className)}
      aria-hidden="true"
      style={{ ...style, '--avatar-from': from, '--avatar-to': to }}
    >
      {initials !== '' ? (
        initials
      ) : (
        <svg viewBox="0 0 5 5" shapeRendering="crispEdges">
          {cells.map((set, at) => set && <rect key={at} x={at % 5} y={Math.floor(at / 5)} width="1" height="1" />)}
        </svg>
      )}
      {showsPicture && (
        <img src={fileMediaUrl(cid)} alt="" loading="lazy" draggable={false} onError={() => setBroken(cid)} />
      )}
    </span>
  )
}
