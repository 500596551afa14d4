import type { SourceOption, SourceSpec } from '@shared/media/source-spec'
import { isMicrophone } from './microphone-choice'
import { isSameDevice, sourceName } from './source-name'

/** Sources of one kind, in the order they are offered. */
export interface SourceGroup {
  id: 'cameras' | 'screens' | 'files' | 'demo'
  title: string
  options: readonly SourceOption[]
}

const TITLES = {
  cameras: 'Cameras',
  screens: 'Screen and windows',
  files: 'Files and pictures',
  demo: 'Demo',
} as const

function groupOf({ spec }: SourceOption): SourceGroup['id'] | null {
  switch (spec.kind) {
    case 'camera':
      return 'cameras'
    case 'screen':
    case 'window':
      return 'screens'
    case 'file':
    case 'picture':
      return 'files'
    case 'demo':
      return 'demo'
    case 'browser':
      if (spec.video === null) return null
      return /^(screen|window):/.test(spec.video) ? 'screens' : 'cameras'
    case 'microphone':
    case 'gifts':
      return null
  }
}

/**
 * The source list in its groups. What is open stands in it too, though it was not found: a file, or a camera that has
 * been unplugged. Microphones go with other sources and are not offered here.
 */
export function sourceGroups(options: readonly SourceOption[], current: SourceSpec | null): SourceGroup[] {
  const isListed = current === null || options.some(({ spec }) => isSameDevice(spec, current))
  const all = isListed ? options : [...options, { id: 'current', label: sourceName(current, options), spec: current }]
  const shown = all.filter((option) => !isMicrophone(option))
  return (['cameras', 'screens', 'files', 'demo'] as const).map((id) => ({
    id,
    title: TITLES[id],
    options: shown.filter((option) => groupOf(option) === id),
  }))
}
