import type { SourceSpec } from '@shared/media/source-spec'
import { Bot, Camera, Film } from 'lucide-react'

const ICONS = { demo: Bot, camera: Camera, file: Film } as const

/** What kind of source it is, for the eye. */
export function SourceIcon({ kind, size = 16 }: { kind: SourceSpec['kind']; size?: number }) {
  const Icon = ICONS[kind]
  return <Icon size={size} strokeWidth={1.75} aria-hidden="true" />
}
