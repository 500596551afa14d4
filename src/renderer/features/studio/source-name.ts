import type { SourceState } from '@shared/ipc/studio-schema'
import type { SourceOption, SourceSpec } from '@shared/media/source-spec'

/** Whether two specs mean the same device, file or demo. */
export function sameSource(a: SourceSpec, b: SourceSpec): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.path === b.path
  if (a.kind === 'camera') return b.kind === 'camera' && a.device === b.device
  return a.kind === b.kind
}

/** The last part of a path, on any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path
}

/** What to call a source before it has told its own name. */
export function sourceName(spec: SourceSpec, options: readonly SourceOption[]): string {
  const option = options.find((candidate) => sameSource(candidate.spec, spec))
  if (option !== undefined) return option.label
  if (spec.kind === 'file') return fileName(spec.path)
  return spec.kind === 'camera' ? 'Camera' : 'Demo presenter'
}

/** The spec of a source in any state but closed. */
export function specOf(source: SourceState): SourceSpec | null {
  return source.state === 'closed' ? null : source.spec
}
