import type { BrowserWindow } from 'electron'
import { join } from 'node:path'
import type { PeerService } from '@shared/engines/peer-service'
import { reportError, StudioError } from '@shared/errors'
import type { GiftMoney } from '@shared/gifts/gift-money'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import type { PacketState } from '@shared/gifts/live-packets'
import type { Handlers } from '@shared/ipc/channel'
import type { LiveState, StudioSchema, WatchState } from '@shared/ipc/studio-schema'
import { parseLiveUrl } from '@shared/live/live-url'
import type { ServiceClient } from '@shared/rpc/rpc'
import { CreatorRoom } from '../../ledger/gifts/creator-room'
import { interruptedGifts } from '../../ledger/gifts/interrupted-gifts'
import { ViewerRoom, type ViewerRoomParts } from '../../ledger/gifts/viewer-room'
import { chooseFile, PICTURES } from '../choose-file'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SharerLinks } from './sharer-links'

/** Four times a second is as often as figures can be read. */
const TELL_EACH_MS = 250

/**
 * Gifts as main knows them: the room of the live that is watched, and that of the own one. Signatures are checked in the
 * peer engine and made in the wallet's; here the books are kept.
 */
export class GiftSession {
  readonly #creator: CreatorRoom
  #money: GiftMoney | null = null
  #viewer: ViewerRoom | null = null
  #ownShow: string | null = null
  #terms: GiftTerms | null = null
  #telling = new Set<'viewer' | 'creator'>()
  readonly #folder: string
  /** Accounts whose interrupted gifts were told; rooms open after it, because it opens their books. */
  readonly #told = new Set<string>()
  #tellingInterrupted: Promise<void> = Promise.resolve()
  /** Kept until the window listens: the wallet may start before it. */
  #unheard: string[] = []
  #windowListens = false

  constructor(
    private readonly peer: EngineHost<PeerService>,
    paths: { dataDir: string },
    private readonly sharerBps: { get: () => number; set: (bps: number) => void },
    private readonly endLive: () => Promise<void>,
    private readonly sharers: SharerLinks,
    private readonly notify: Notifier,
  ) {
    this.#folder = join(paths.dataDir, 'gifts')
    this.#creator = new CreatorRoom({
      money: this.#lateMoney(),
      folder: this.#folder,
      sharerBps: () => this.sharerBps.get(),
      shown: (gift) => this.notify('gifts', 'shown', gift),
      changed: () => this.#tell('creator'),
      took: (show, bytes) => void this.peer.client.call('tellTab', { show, bytes }).catch(() => undefined),
      packetsAt: (state) => this.#packetsAt(state),
    })
  }

  /** Wallet and ledgers, as soon as they are there. */
  useMoney(money: GiftMoney): void {
    this.#money = money
    money.onChanged((what) => {
      if (what === 'account') void this.#moneyChanged()
      else if (this.#viewer !== null) this.#tell('viewer')
    })
    void this.#moneyChanged()
  }

  /** Listens to a started peer engine. */
  prepare(client: ServiceClient<PeerService>): void {
    client.on('giftLine', ({ show, bytes }) => {
      const room = show === this.#ownShow ? this.#creator : this.#viewer?.show.cid === show ? this.#viewer : null
      room?.take(bytes).catch((error: unknown) => console.error('gifts: a line could not be taken', error))
    })
    client.on('tabLine', ({ bytes }) => this.#creator.takeTab(bytes))
    client.on('published', ({ durationMs }) => this.#creator.published(durationMs))
    const viewer = this.#viewer
    if (viewer !== null) void this.#join(client, viewer.show.cid, viewer.show.terms, false).catch(() => undefined)
  }

  /** Before a live starts: where its gifts go. Waits for the ledger; never rejects. */
  async beforeLive(): Promise<void> {
    this.#terms = await this.#creator.terms()
    await (await this.peer.ready()).call('setGiftTerms', this.#terms).catch(() => undefined)
  }

  liveChanged(live: LiveState): void {
    if (live.state === 'live' && this.#ownShow === null && this.#terms !== null) {
      const { showCid } = parseLiveUrl(live.url)
      this.#ownShow = showCid
      this.#creator.begin(showCid, this.#terms)
      void this.#join(this.peer.client, showCid, this.#terms, true).catch(() => undefined)
    } else if (live.state === 'off' && this.#ownShow !== null) {
      const show = this.#ownShow
      this.#ownShow = null
      void this.peer.client.call('leaveGifts', show).catch(() => undefined)
      this.#creator.end().catch((error: unknown) => this.#problem(error))
    }
  }

  watchChanged(watch: WatchState): void {
    const show = watch.state === 'playing' ? watch.show : null
    if (show !== null && this.#viewer?.show.url === show.url) return
    const before = this.#viewer
    this.#viewer = null
    if (before !== null) {
      void this.peer.client.call('leaveGifts', before.show.cid).catch(() => undefined)
      void before.close()
    }
    const money = this.#money
    if (show?.gifts !== undefined && money !== null) {
      const { showCid, peerId } = parseLiveUrl(show.url)
      const about = { url: show.url, cid: showCid, broadcaster: peerId, title: show.title, terms: show.gifts }
      const parts: ViewerRoomParts = {
        ...{ money, folder: this.#folder },
        send: (bytes) => this.#send(about.cid, bytes),
        shown: (gift) => this.notify('gifts', 'shown', gift),
        changed: () => this.#tell('viewer'),
        notice: (level, message) => this.notify('app', 'notice', { level, code: 'gifts', message }),
      }
      const viewer = new ViewerRoom(about, parts, this.sharers.of(showCid))
      this.#viewer = viewer
      void this.#join(this.peer.client, about.cid, show.gifts, false).catch(() => undefined)
      void this.#tellingInterrupted.then(() => viewer.open())
    }
    this.#tell('viewer')
  }

  async stop(): Promise<void> {
    await this.#viewer?.close()
    await this.#creator.close()
  }

  handlers(window: () => BrowserWindow | null): Handlers<StudioSchema>['gifts'] {
    return {
      getViewer: () => {
        this.#windowListens = true
        this.#tellUnheard()
        return this.#viewer?.view ?? null
      },
      getCreator: () => this.#creator.view,
      shareLink: () => this.#watched().shareLink(),
      give: (gift) => this.#watched().give(gift),
      makeAccount: async () => {
        if (this.#money === null) throw new StudioError('no-wallet', 'The wallet is still starting. Try again.')
        await this.#money.askForAccount()
      },
      claim: () => (this.#viewer === null ? this.#creator.claim() : this.#viewer.claim()),
      choosePicture: () => this.#choosePicture(window()),
      design: (gift) => this.#watched().design(gift),
      settle: () => this.#creator.settle(),
      withdraw: () => this.#creator.withdraw(),
      setSharerBps: (bps) => {
        this.sharerBps.set(bps)
        this.#tell('creator')
      },
      buyMinutes: (count) => this.#creator.buyMinutes(count),
      refundMinutes: () => this.#creator.refundMinutes(),
    }
  }

  async #choosePicture(window: BrowserWindow | null): Promise<{ cid: string; name: string } | null> {
    const path = await chooseFile(window, 'Choose a picture for your gift', [PICTURES])
    if (path === null) return null
    const { cid, title } = await this.peer.client.call('publishFile', path)
    await this.peer.client.call('pinFile', cid)
    return { cid, name: title }
  }

  #join(client: ServiceClient<PeerService>, show: string, terms: GiftTerms, creator: boolean): Promise<undefined> {
    return client.call('joinGifts', { show, terms, creator })
  }

  async #send(show: string, bytes: Uint8Array): Promise<void> {
    if (!(await this.peer.client.call('sendGift', { show, bytes }))) throw new Error('the room is not joined')
  }

  async #moneyChanged(): Promise<void> {
    this.#tellInterrupted()
    await this.#tellingInterrupted
    await this.#viewer?.accountChanged().catch((error: unknown) => this.#problem(error))
    await this.#creator.prepare()
  }

  /** Gifts that were cut short when the app was killed: once for each account, before its book is opened. */
  #tellInterrupted(): void {
    const account = this.#money?.account()?.address
    if (account === undefined || this.#told.has(account)) return
    this.#told.add(account)
    this.#tellingInterrupted = this.#tellingInterrupted
      .then(async () => {
        for (const message of await interruptedGifts(this.#folder, account)) {
          this.#unheard.push(message)
        }
        this.#tellUnheard()
      })
      .catch((error: unknown) => this.#problem(error))
  }

  #tellUnheard(): void {
    if (!this.#windowListens) return
    for (const message of this.#unheard.splice(0)) {
      this.notify('app', 'notice', { level: 'problem', code: 'gift-interrupted', message })
    }
  }

  #packetsAt({ phase, graceLeftMs }: PacketState): void {
    if (phase === 'running') return
    const message = {
      'five-minutes': 'Five minutes of live are left. Get more in the Gifts panel; the show goes on without a break.',
      'one-minute': 'One minute of live is left. Get more in the Gifts panel to stay on air.',
      grace: `Your minutes are used up. The show goes on for ${Math.ceil(graceLeftMs / 60_000)} more minutes, then it ends.`,
      over: 'Your live has ended, because its minutes were used up. Your recording is safe.',
    }[phase]
    this.notify('app', 'notice', { level: phase === 'five-minutes' ? 'info' : 'problem', code: 'minutes', message })
    if (phase === 'over') void this.endLive()
  }

  #watched(): ViewerRoom {
    if (this.#viewer === null) throw new StudioError('no-room', 'Open a live that takes gifts first.')
    return this.#viewer
  }

  #problem(error: unknown): void {
    this.notify('app', 'notice', { level: 'problem', ...reportError(error) })
  }

  /** Not at once: what changes in the same moment is told together. */
  #tell(who: 'viewer' | 'creator'): void {
    if (this.#telling.has(who)) return
    this.#telling.add(who)
    setTimeout(() => {
      this.#telling.delete(who)
      if (who === 'viewer') this.notify('gifts', 'viewerChanged', this.#viewer?.view ?? null)
      else this.notify('gifts', 'creatorChanged', this.#creator.view)
    }, TELL_EACH_MS)
  }

  /** The wallet starts after the session is made. */
  #lateMoney(): GiftMoney {
    const money = (): GiftMoney => {
      if (this.#money === null) throw new StudioError('no-wallet', 'The wallet is still starting. Try again.')
      return this.#money
    }
    return {
      account: () => this.#money?.account() ?? null,
      onChanged: (listener) => money().onChanged(listener),
      budget: (room) => this.#money?.budget(room) ?? null,
      askForAccount: () => money().askForAccount(),
      ownChain: () => this.#money?.ownChain() ?? null,
      openOwn: () => money().openOwn(),
      openFor: (terms, broadcaster) => money().openFor(terms, broadcaster),
      signer: (ledger, room) => money().signer(ledger, room),
      keyGrant: (ask) => money().keyGrant(ask),
      shareToken: (contentId) => money().shareToken(contentId),
      openRoom: (room) => money().openRoom(room),
      endRoom: (room) => money().endRoom(room),
      send: (ledger, call, room) => money().send(ledger, call, room),
    }
  }
}
