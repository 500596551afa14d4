/**
 * What speaks for an item, as numbers of about 0 to 1 or logarithms, in the order of `FEATURES`. The weights of their sum are
 * learnt (`blend.ts`); the order is the layout of every table of features.
 */
export const FEATURES = [
  /** People who liked what you liked, liked this too (item kNN), as a share of the best. */
  'similar',
  /** The same as its square root: the middle of the list. */
  'alike',
  /** EASE, as a share of the best. */
  'taste',
  /** log(1 + acts), an act losing half of its weight in 1, 7 and 30 days. */
  'today',
  'week',
  'month',
  /** Tags in common with own history, cosine. */
  'topic',
  /** log(1 + own acts for its author). */
  'author',
  /** 1 of an author or channel that the person follows. */
  'followed',
  /** 2^(-age / 7 days). */
  'fresh',
] as const
export type Feature = (typeof FEATURES)[number]
export const FEATURE_COUNT = FEATURES.length
/** Half-lives of `today`, `week`, `month`, in days. */
export const TREND_DAYS = [1, 7, 30] as const

export const featureIndex = (name: Feature): number => FEATURES.indexOf(name)

/** One own act: how the person took an item. */
export interface OwnAct {
  readonly item: number
  readonly t: number
  /** 1: liked, or watched to the end; 0.2 to 0.3: looked at. */
  readonly liking: number
}
