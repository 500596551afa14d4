import type { SourceState } from '@shared/ipc/studio-schema'
import type { SourceOption, SourceSpec } from '@shared/media/source-spec'

/** What a spec shows, without the sound that goes with it. */
function identity(spec: SourceSpec): string {
  switch (spec.kind) {
    case 'demo':
    case 'gifts':
      return ''
    case 'file':
    case 'picture':
      return spec.path
    case 'screen':
      return JSON.stringify([spec.device, spec.region])
    case 'camera':
    case 'window':
    case 'microphone':
      return spec.device ?? ''
    case 'browser':
      return spec.video ?? `sound ${spec.audio}`
  }
}

/** Whether two specs mean the same device, file or demo. */
export function isSameDevice(a: SourceSpec, b: SourceSpec): boolean {
  return a.kind === b.kind && identity(a) === identity(b)
}

/** The last part of a path, on any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path
}

const NAMES = {
  demo: 'Demo presenter',
  camera: 'Camera',
  screen: 'Screen',
  window: 'Window',
  microphone: 'Microphone',
  gifts: 'Gift alerts',
} as const

/** What to call a source before it has told its own name. */
export function sourceName(spec: SourceSpec, options: readonly SourceOption[]): string {
  const option = options.find((candidate) => isSameDevice(candidate.spec, spec))
  if (option !== undefined) return option.label
  if (spec.kind === 'file' || spec.kind === 'picture') return fileName(spec.path)
  return spec.kind === 'browser' ? spec.label : NAMES[spec.kind]
}

/** The spec of a source in any state but closed. */
export function specOf(source: SourceState): SourceSpec | null {
  return source.state === 'closed' ? null : source.spec
}
