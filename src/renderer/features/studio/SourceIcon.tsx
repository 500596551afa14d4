import type { SourceSpec } from '@shared/media/source-spec'
import { AppWindow, Bot, Camera, Film, Gift, Image, Mic, Monitor, type LucideIcon } from 'lucide-react'
import { createElement } from 'react'

const ICONS = {
  ...{ demo: Bot, camera: Camera, file: Film, picture: Image },
  ...{ screen: Monitor, window: AppWindow, microphone: Mic, gifts: Gift },
} as const

function iconOf(spec: SourceSpec): LucideIcon {
  if (spec.kind !== 'browser') return ICONS[spec.kind]
  if (spec.video?.startsWith('screen:')) return Monitor
  return spec.video?.startsWith('window:') ? AppWindow : Camera
}

/** What kind of source it is, for the eye. */
export function SourceIcon({ spec, size = 16 }: { spec: SourceSpec; size?: number }) {
  return createElement(iconOf(spec), { size, strokeWidth: 1.75, 'aria-hidden': true })
}
