import type { ViewerRules } from '@shared/community/viewer-rules'
import { BlockWords } from '@shared/community/block-words'

/** What a list, a room or a search is about to show. */
export interface Shown {
  /** The thing itself. */
  readonly subject: string
  readonly account: string
  /** `chan:0x../slug`, where it is in one. */
  readonly channel?: string | undefined
  /** What people read of it. */
  readonly text: readonly string[]
  /** What its author warns of. */
  readonly warn?: readonly string[]
}

export type Why =
  | { readonly because: 'blocked' | 'muted' | 'hidden'; readonly subject: string }
  /** `list` is the id of the list that says so. */
  | { readonly because: 'list'; readonly subject: string; readonly list: string }
  | { readonly because: 'word'; readonly word: string }
  /** `by` is whose label it is; of an author's own warning the author. */
  | { readonly because: 'label'; readonly label: string; readonly by: string }

export type Verdict =
  { readonly show: 'yes' } | { readonly show: 'blur'; readonly why: Why } | { readonly show: 'no'; readonly why: Why }

/** What others say, as far as the person heeds it. */
export interface OthersWord {
  /** The subscribed list that names a subject, or undefined. */
  listed: (subject: string) => string | undefined
  /** Labels in force on a subject by the labelers that the person picked. */
  labels: (subject: string) => readonly { label: string; by: string }[]
}

const YES: Verdict = { show: 'yes' }
const NOBODY: OthersWord = { listed: () => undefined, labels: () => [] }

/** One person's rules, ready to be asked of many things. Own words go before lists, lists before labels. */
export class ViewerFilter {
  readonly #rules: ViewerRules
  readonly #others: OthersWord
  readonly #blocked: ReadonlySet<string>
  readonly #muted: ReadonlySet<string>
  readonly #hidden: ReadonlySet<string>
  readonly #words: BlockWords

  /** @param me the own account: nobody is kept from what they wrote themselves */
  constructor(
    rules: ViewerRules,
    private readonly me: string | null = null,
    others: OthersWord = NOBODY,
  ) {
    this.#rules = rules
    this.#others = others
    this.#blocked = new Set(rules.blocked)
    this.#muted = new Set(rules.muted)
    this.#hidden = new Set(rules.hidden)
    this.#words = new BlockWords(rules.blockWords)
  }

  /** Whether somebody may not take part in what is ours (rooms, comments under own videos, messages). */
  bars(account: string): boolean {
    const subject = `acct:${account}`
    return account !== this.me && (this.#blocked.has(subject) || this.#others.listed(subject) !== undefined)
  }

  verdict(thing: Shown): Verdict {
    if (thing.account === this.me) return YES
    const about = [thing.subject, `acct:${thing.account}`, ...(thing.channel === undefined ? [] : [thing.channel])]
    for (const subject of about) {
      if (this.#blocked.has(subject)) return { show: 'no', why: { because: 'blocked', subject } }
      if (this.#muted.has(subject)) return { show: 'no', why: { because: 'muted', subject } }
      if (this.#hidden.has(subject)) return { show: 'no', why: { because: 'hidden', subject } }
    }
    const word = this.#words.find(thing.text.join(' \u2022\u2022 '))
    if (word !== null) return { show: 'no', why: { because: 'word', word } }
    for (const subject of about) {
      const list = this.#others.listed(subject)
      if (list !== undefined) return { show: 'no', why: { because: 'list', subject, list } }
    }
    return this.#labelled(thing, about)
  }

  #labelled(thing: Shown, about: readonly string[]): Verdict {
    let blur: Verdict | null = null
    const warnings = (thing.warn ?? []).map((label) => ({ label, by: thing.account }))
    for (const { label, by } of [...about.flatMap((subject) => this.#others.labels(subject)), ...warnings]) {
      const wish = Object.hasOwn(this.#rules.labels, label) ? this.#rules.labels[label] : 'show'
      const why: Why = { because: 'label', label, by }
      if (wish === 'hide') return { show: 'no', why }
      if (wish === 'blur') blur ??= { show: 'blur', why }
    }
    return blur ?? YES
  }
}
