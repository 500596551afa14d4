import type { MediaEngineOptions } from './media-engine'

/**
 * `WE_SMALL_RENDITION=always`: lives have a small rendition from their start and not only when the computer was calm for
 * a while; still none while frames are late. For tests, and for a computer that does nothing else.
 */
export function smallOption(env: NodeJS.ProcessEnv): Pick<MediaEngineOptions, 'small'> {
  return env['WE_SMALL_RENDITION'] === 'always' ? { small: { calmMs: 0, free: () => 100 } } : {}
}
