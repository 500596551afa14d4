import type { SourceOption, SourceSpec } from '@shared/media/source-spec'

/** Whether a microphone can be chosen to go with a source. */
export function takesMicrophone(spec: SourceSpec | null): boolean {
  if (spec === null) return false
  return ['camera', 'screen', 'window'].includes(spec.kind) || (spec.kind === 'browser' && spec.video !== null)
}

/** Whether an option of the source list is a microphone alone. */
export function isMicrophone({ spec }: SourceOption): boolean {
  return spec.kind === 'microphone' || (spec.kind === 'browser' && spec.video === null)
}

/** The microphones that can go with a source: each way of capturing has its own. */
export function microphonesFor(spec: SourceSpec | null, options: readonly SourceOption[]): SourceOption[] {
  const browser = spec?.kind === 'browser'
  return options.filter((option) => isMicrophone(option) && (option.spec.kind === 'browser') === browser)
}

/**
 * The source with the microphone that the person has chosen.
 * @param choice `none`, the id of a microphone's option, or empty for the system's default
 */
export function withMicrophone(spec: SourceSpec, choice: string, options: readonly SourceOption[]): SourceSpec {
  if (!takesMicrophone(spec)) return spec
  const chosen = microphonesFor(spec, options).find(({ id }) => id === choice)?.spec
  if (spec.kind === 'browser') {
    if (choice === 'none') return { ...spec, audio: null }
    if (chosen?.kind === 'browser') return { ...spec, audio: chosen.audio }
    const first = microphonesFor(spec, options)[0]?.spec
    return { ...spec, audio: first?.kind === 'browser' ? first.audio : spec.audio }
  }
  if (spec.kind !== 'camera' && spec.kind !== 'screen' && spec.kind !== 'window') return spec
  const device = choice === 'none' ? 'none' : chosen?.kind === 'microphone' ? chosen.device : undefined
  const changed = { ...spec }
  delete changed.microphone
  return device === undefined ? changed : { ...changed, microphone: device }
}
