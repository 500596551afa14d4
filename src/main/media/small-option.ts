import type { MediaEngineOptions } from './media-engine'

/**
 * `WE_SMALL_RENDITION=always`: lives have a small rendition from their start, however busy the computer is. For tests.
 */
export function smallOption(env: NodeJS.ProcessEnv): Pick<MediaEngineOptions, 'small'> {
  return env['WE_SMALL_RENDITION'] === 'always' ? { small: { calmMs: 0, free: () => 100 } } : {}
}
