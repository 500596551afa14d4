import { parseSubject } from '@shared/community/subject'
import type { ItemCard } from '@shared/community/index-cards'
import { StudioError } from '@shared/errors'
import type { Handlers } from '@shared/ipc/channel'
import type { CommunitySchema } from '@shared/ipc/community-schema'
import type { ShareLinks } from '@shared/ipc/sharing-schema'
import type { RelayState, Settings, StudioSchema } from '@shared/ipc/studio-schema'
import type { Address, Bytes32 } from '@shared/money/address'
import {
  formatShareLink,
  parseShareLink,
  shareTargetOf,
  subjectOf,
  webShareLink,
  type ShareTarget,
} from '@shared/share/share-link'
import { tokenSubject } from '@shared/share/token-subject'
import { isShareAddress, shareWay, type ShareNetwork } from '@shared/share/share-network'
import type { SharerLinks } from './sharer-links'

export interface SharingParts {
  sharers: Pick<SharerLinks, 'of' | 'remember'>
  settings: () => Pick<Settings, 'shareBase' | 'shareRecord'>
  relay: () => Pick<RelayState, 'choice' | 'status'>
  /** The own signed token for a subject; null: no account, or its wallet is locked and has not granted this device. */
  token: (subject: Bytes32) => Promise<string | null>
  account: () => Address | null
  /** A call of the community's. */
  ask: (group: keyof CommunitySchema, name: string, input: unknown) => Promise<unknown>
  copy: (text: string) => void | Promise<void>
  /** Opens the system browser. */
  browse: (url: string) => Promise<void>
  /** Tells the window where to go. */
  opened: (target: ShareTarget) => void
  log: (line: string) => void
}

/** A link with its words, as the window asks for it. */
interface Shared {
  subject: string
  /** The subject is a list of whom not to show. */
  list?: boolean | undefined
}

/** Links that go out, with who sends them, and links that come in, with who sent them. */
export class SharingSession {
  /** Of the system, until the window is there to take it. */
  #pending: ShareTarget | null = null
  #windowListens = false

  constructor(private readonly parts: SharingParts) {}

  handlers(): Handlers<StudioSchema>['sharing'] {
    return {
      links: (shared) => this.#links(shared),
      take: (taken) => this.#take(taken),
      read: (text) => this.#read(text),
      started: () => {
        this.#windowListens = true
        const target = this.#pending
        this.#pending = null
        return target
      },
    }
  }

  /** The system hands a link on. What is none of ours is put down in the log and nothing happens. */
  systemLink(text: string): void {
    const target = this.#read(text)
    if (target === null) this.parts.log('A link of the system was none that can be opened.')
    else if (this.#windowListens) this.parts.opened(target)
    else this.#pending = target
  }

  /** The window is gone; the next one asks by `started`. */
  windowClosed(): void {
    this.#windowListens = false
  }

  async #links({ subject, list }: Shared): Promise<ShareLinks> {
    const target = await this.#target(subject, list)
    const share = await this.parts.token(tokenSubject(subjectOf(target)))
    const link = { target, ...(share === null ? {} : { share }) }
    const base = this.#base()
    return {
      we: formatShareLink(link),
      web: base === null ? null : webShareLink(base, link),
      why: share !== null ? null : this.parts.account() === null ? 'no-account' : 'locked',
    }
  }

  async #take(taken: Shared & { title: string; net: ShareNetwork; web: boolean }): Promise<'opened' | 'copied'> {
    const { title, net, web: wantsWeb } = taken
    const { we, web } = await this.#links(taken)
    const way = shareWay(net, { title, we, web: net === 'link' && !wantsWeb ? null : web })
    if (way.way === 'copy') await this.parts.copy(way.text)
    else {
      if (!isShareAddress(way.url)) throw new Error(`no share address: ${new URL(way.url).host}`)
      await this.parts.browse(way.url)
    }
    await this.#record(taken.subject, net).catch((error: unknown) => this.parts.log(`share: ${String(error)}`))
    return way.way === 'copy' ? 'copied' : 'opened'
  }

  /** Nobody is asked for anything because of a record: without an account there is none. */
  async #record(shared: string, net: ShareNetwork): Promise<void> {
    const me = this.parts.account()
    if (!this.parts.settings().shareRecord || me === null) return
    const subject = subjectOf(shareTargetOf(shared)!)
    const via = this.parts.sharers.of(subject)?.address
    await this.parts.ask('acts', 'share', { s: subject, net, ...(via === undefined || via === me ? {} : { via }) })
  }

  async #target(subject: string, list = false): Promise<ShareTarget> {
    const target = shareTargetOf(subject)
    if (target === null) throw new StudioError('bad-share', 'This cannot be shared by a link.')
    if (target.type !== 'item') return target
    // whoever opens the link asks for the author's log
    const asked = list ? this.parts.ask('safety', 'list', subject) : this.parts.ask('home', 'item', subject)
    const card = (await asked.catch(() => null)) as Pick<ItemCard, 'account'> | null
    const by = card === null ? {} : { account: card.account }
    return { type: list ? 'list' : 'item', id: target.id, ...by }
  }

  #read(text: string): ShareTarget | null {
    const link = parseShareLink(text)
    if (link === null) return null
    const { target, share } = link
    const subject = subjectOf(target)
    this.parts.sharers.remember(subject, share)
    const author = 'account' in target ? target.account : undefined
    const near = [author, this.parts.sharers.of(subject)?.address].filter((one) => one !== undefined)
    // their newest is fetched in the background; pages show it when it has come
    for (const account of new Set(near)) {
      if (parseSubject(`acct:${account}`) === null) continue
      void this.parts.ask('channels', 'person', account).catch((error: unknown) => this.parts.log(String(error)))
    }
    return target
  }

  /** The page for browsers: the one that is set, else that of the own relay where others reach it. */
  #base(): string | null {
    const { shareBase } = this.parts.settings()
    if (shareBase !== '') return shareBase
    const { choice, status } = this.parts.relay()
    if (status.state !== 'on' || choice.address === undefined || choice.address === '') return null
    return `${choice.address.replace(/\/+$/, '')}/open/`
  }
}
