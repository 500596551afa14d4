import { join } from 'node:path'
import type { ForYouCard, ForYouSettings, WhySource } from '@shared/community/for-you'
import { NO_RULES, type ViewerRules } from '@shared/community/viewer-rules'
import type { CallHandlers } from '@shared/rpc/rpc'
import { CommunityIndex } from '../index/community-index'
import { CommunityReader } from '../index/community-reader'
import { ForYou } from './for-you'
import { OwnHistory } from './own-history'

/** Recommendation as the engine asks for it: in a thread of its own, since training takes seconds where there is much. */
export interface ForYouService {
  calls: {
    next: { input: { me: string | null; count: number; shown: readonly string[] }; output: ForYouCard[] }
    settings: { input: undefined; output: ForYouSettings }
    setSettings: { input: ForYouSettings; output: undefined }
    reset: { input: undefined; output: undefined }
    watched: { input: { subject: string; share: number; source?: WhySource | undefined }; output: undefined }
    passed: { input: WhySource; output: undefined }
    liked: { input: { subject: string; on: boolean }; output: undefined }
    rules: { input: ViewerRules; output: undefined }
    /** Milliseconds that it took. */
    train: { input: undefined; output: number }
    close: { input: undefined; output: undefined }
  }
  events: Record<string, never>
}

/** Half of it, or all of a loop: what a recommendation is for. */
const TAKEN_SHARE = 0.5
/** Less of it, and the person went on: passed over. What lies between says nothing. */
const PASSED_SHARE = 0.1

/**
 * Serves out of the index of a community's folder, which it only reads, and `taste.sqlite` beside it, which nobody else
 * opens. @param now Unix ms
 */
export function openForYou(
  dir: string,
  now: () => number = Date.now,
  chance: () => number = Math.random,
): CallHandlers<ForYouService> {
  const index = new CommunityIndex(join(dir, 'index.sqlite'))
  const reader = new CommunityReader(index)
  const history = new OwnHistory(join(dir, 'taste.sqlite'))
  const forYou = new ForYou(index, reader, history)
  let rules = NO_RULES
  return {
    next: ({ me, count, shown }) =>
      forYou.next({ me, filter: reader.filter(rules, me, now()), count, shown: new Set(shown), chance }),
    settings: () => history.settings,
    setSettings(settings) {
      history.settings = settings
      return undefined
    },
    reset() {
      history.reset()
      return undefined
    },
    watched({ subject, share, source }) {
      history.noteWatched(subject, now(), share)
      if (source !== undefined && (share >= TAKEN_SHARE || share < PASSED_SHARE))
        forYou.noteTaken({ source }, share >= TAKEN_SHARE)
      return undefined
    },
    passed(source) {
      forYou.noteTaken({ source }, false)
      return undefined
    },
    liked({ subject, on }) {
      history.noteLiked(subject, now(), on)
      return undefined
    },
    rules(changed) {
      rules = changed
      return undefined
    },
    train() {
      const startedAt = performance.now()
      forYou.train(now(), chance)
      return performance.now() - startedAt
    },
    close() {
      history.close()
      index.close()
      return undefined
    },
  }
}
