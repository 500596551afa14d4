import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { WalletService, WalletStart } from '@shared/engines/wallet-service'
import { StudioError } from '@shared/errors'
import { SHARE_SECONDS, sealShareToken } from '@shared/live/share-token'
import { Bytes32, type Address } from '@shared/money/address'
import type { CallHandlers } from '@shared/rpc/rpc'
import { AccountName, LockMinutes } from '@shared/wallet/account'
import type { SignedKeyGrant } from '@shared/wallet/key-grant'
import { BudgetLimits } from '@shared/wallet/room-budget'
import type { SheetService, SheetView } from '@shared/wallet/sheet'
import type { SignWords } from '@shared/wallet/sign-words'
import { WalletNetwork } from '@shared/wallet/wallet-network'
import type { Movement, WalletState } from '@shared/wallet/wallet-state'
import { AccountStore } from './accounts/account-store'
import { loadDeviceSecret, type DeviceSecret } from './accounts/device-secret'
import { KeyRing } from './accounts/key-ring'
import { nostrPublicKey, signNostr } from '../platform/sign-nostr'
import { nostrKey } from './keystore/nostr-key'
import { loadDeviceKey, type DeviceKey } from './device-key'
import { limitsWords, lockWords, NOSTR_WORDS } from './policy/signing-words'
import { contractAt } from './policy/transaction-rules'
import { SheetTasks } from './sheet-tasks'
import { AgreedLimits } from './signing/agreed-limits'
import { deviceKeys, deviceSigner, GrantFiles, newGrant } from './signing/device-grant'
import { PromptDesk } from './signing/prompt-desk'
import { RoomBudgets } from './signing/room-budgets'
import { RoomFile, type KeptRoom } from './signing/room-file'
import {
  designedGiftRequest,
  identityData,
  permitData,
  tabData,
  transactionRequest,
  typedRequest,
  type RequestContext,
} from './signing/sign-requests'
import { Signer } from './signing/signer'

const MAX_SIGNED_CALLS = 1_000
const MAX_NOSTR_AT_ONCE = 500

export interface WalletEvents {
  changed: (state: WalletState) => void
  moved: (movement: Movement) => void
  sheet: (open: boolean) => void
  view: (view: SheetView) => void
  saveFile: (file: { name: string; text: string }) => void
}

/**
 * The wallet: the one place that opens keys. Main's calls come by `handlers`, the sheet's by `sheetHandlers`; neither
 * gives a key out, but for what the person exports on the sheet.
 */
export class WalletEngine {
  #networks: readonly WalletNetwork[] = []
  #deviceSecret: DeviceSecret | null = null
  #saving: ((saved: boolean) => void) | null = null
  /** The Nostr secret, from a yes on the sheet to the end of that export. */
  #nostr: Uint8Array | null = null
  /** By chain, account and number: what was signed, so that the same with a higher fee is told from a second one. */
  readonly #signedCalls = new Map<string, string>()
  readonly #signer: Signer
  readonly #sheet: SheetTasks
  readonly #grants: GrantFiles

  private constructor(
    private readonly start: WalletStart,
    private readonly folder: string,
    private readonly store: AccountStore,
    private readonly limits: AgreedLimits,
    private readonly rooms: { file: RoomFile; kept: readonly KeptRoom[] },
    private readonly events: WalletEvents,
    private readonly now: () => number,
  ) {
    this.#deviceSecret = start.deviceSecret
    this.#budgets = new RoomBudgets(now, (open) => rooms.file.keep(open), rooms.kept, limits.value)
    const deviceSecret = async (): Promise<string> => {
      this.#deviceSecret ??= await loadDeviceSecret(folder, null)
      return this.#deviceSecret.secret
    }
    const onChanged = (): void => this.events.changed(this.state)
    this.#ring = new KeyRing(store, deviceSecret, onChanged)
    this.#prompts = new PromptDesk(() => this.#viewChanged())
    this.#signer = new Signer({
      ...{ folder, store, ring: this.#ring, prompts: this.#prompts, budgets: this.#budgets, now, onChanged },
      onMoved: (movement) => this.events.moved(movement),
    })
    this.#sheet = new SheetTasks({
      ...{ store, ring: this.#ring, prompts: this.#prompts, deviceSecret, onChanged },
      keptBy: () => this.#deviceSecret?.keptBy ?? null,
      onView: () => this.#viewChanged(),
      saveFile: (name, text) =>
        new Promise((resolve) => {
          this.#saving?.(false)
          this.#saving = resolve
          this.events.saveFile({ name, text })
        }),
    })
    this.#grants = new GrantFiles(join(folder, 'grants'))
  }

  readonly #budgets: RoomBudgets
  readonly #ring: KeyRing
  readonly #prompts: PromptDesk

  static async open(start: WalletStart, events: WalletEvents, now: () => number = Date.now): Promise<WalletEngine> {
    const folder = join(start.dataDir, 'wallet')
    for (const part of ['', 'spending', 'movements', 'grants']) {
      await mkdir(join(folder, part), { recursive: true, mode: 0o700 })
    }
    const limits = await AgreedLimits.open(join(folder, 'limits.json'))
    const file = new RoomFile(join(folder, 'rooms.json'))
    const kept = start.resumed === true ? await file.read() : []
    if (start.resumed !== true) await file.clear()
    const store = await AccountStore.open(folder)
    const engine = new WalletEngine(start, folder, store, limits, { file, kept }, events, now)
    await engine.#openActive()
    return engine
  }

  get state(): WalletState {
    const { store } = this
    const active = store.active?.address ?? null
    return {
      accounts: [...store.accounts],
      active,
      locked: active !== null && this.#ring.isLocked(active),
      lockMinutes: store.lockMinutes,
      keptBy: this.#deviceSecret?.keptBy ?? null,
      limits: this.limits.value,
      rooms: this.#budgets.list(this.#activeBook),
    }
  }

  get view(): SheetView {
    return this.#sheet.view
  }

  sheetHandlers(): CallHandlers<SheetService> {
    return this.#sheet.handlers()
  }

  /** Everything but `start` and `close`, which belong to the process. */
  handlers(): Omit<CallHandlers<WalletService>, 'start' | 'close'> {
    return {
      setNetworks: (networks) => {
        this.#networks = networks.map((network) => WalletNetwork.parse(network))
        return undefined
      },
      openRoom: ({ room, name, creator }) => {
        this.#budgets.open(room, { name, creator, limits: this.limits.value })
        this.#changed()
        return undefined
      },
      endRoom: (room) => {
        this.#budgets.end(room)
        this.#changed()
        return undefined
      },
      setLimits: async (raw) => {
        await this.#setLimits(BudgetLimits.parse(raw))
        this.#budgets.limit(this.limits.value)
        this.#changed()
        return undefined
      },
      signTab: async ({ chainId, tab, room }) => {
        const context = await this.#context(tab.payer)
        const { signable, make } = typedRequest(tabData(this.#networks, chainId, tab), context, { room, origin: null })
        return this.#signer.sign(signable, make)
      },
      signTabs: async ({ chainId, tab, design, room }) => {
        const context = await this.#context(tab.payer)
        const [gift, part] = [tab, design].map((each) => tabData(this.#networks, chainId, each))
        const { signable, make } = designedGiftRequest(gift, part, context, room)
        return this.#signer.sign(signable, make)
      },
      signPermit: async ({ chainId, permit, room }) => {
        const context = await this.#context(permit.owner)
        const data = permitData(this.#networks, chainId, permit)
        const { signable, make } = typedRequest(data, context, { room, origin: null })
        return this.#signer.sign(signable, make)
      },
      signTransaction: async ({ account, transaction, room, about }) => {
        const place = `${transaction.chainId} ${account} ${transaction.nonce}`
        const call = `${transaction.to} ${transaction.data}`
        const replaces = this.#signedCalls.get(place) === call
        const facts = { replaces, haveWei: about?.haveWei ?? null }
        const { signable, make } = transactionRequest(transaction, await this.#context(account), room, facts)
        const signed = await this.#signer.sign(signable, make)
        if (this.#signedCalls.size >= MAX_SIGNED_CALLS) this.#signedCalls.clear()
        this.#signedCalls.set(place, call)
        return signed
      },
      signTypedData: async ({ origin, data }) => {
        const context = await this.#context(this.#activeAddress())
        const { signable, make } = typedRequest(data, context, { room: null, origin })
        return this.#signer.sign(signable, make)
      },
      keyGrant: () => this.#keyGrant(),
      knownKeyGrant: () => this.#knownKeyGrant(),
      shareToken: async (show) => {
        const subject = Bytes32.parse(show)
        const grant = await this.#knownKeyGrant()
        if (grant === null) return null
        const expires = Math.floor(this.now() / 1000) + SHARE_SECONDS
        const { name } = this.store.account(grant.account)
        return sealShareToken({ subject, expires, name, grant }, deviceSigner(await this.#deviceKey()))
      },
      revokeKey: async (revoke) => {
        const account = this.#activeAddress()
        const data = identityData('KeyRevoke', { account, ...revoke })
        const { signable, make } = typedRequest(data, await this.#context(account), { room: null, origin: null })
        return this.#signer.sign(signable, make)
      },
      openNostr: async () => {
        this.#nostr = null
        const account = this.store.account(this.#activeAddress())
        const needsPassphrase = account.protection === 'passphrase'
        const { secret } = await this.#prompts.ask({
          ...{ kind: 'secret', account, words: NOSTR_WORDS, network: null, room: null, needsPassphrase },
        })
        if (secret === undefined) throw new StudioError('no-words', 'The account was not opened. Try again.')
        this.#nostr = nostrKey(secret)
        return nostrPublicKey(this.#nostr)
      },
      signNostr: (drafts) => {
        const key = this.#nostr
        if (key === null) throw new StudioError('nostr-closed', 'Begin the export again: the wallet was closed.')
        return drafts.slice(0, MAX_NOSTR_AT_ONCE).map((draft) => signNostr(draft, key))
      },
      closeNostr: () => {
        this.#nostr = null
        return undefined
      },
      select: async (address) => {
        await this.store.select(address)
        await this.#openActive()
        this.#changed()
        return undefined
      },
      rename: async ({ address, name }) => {
        await this.store.rename(address, AccountName.parse(name))
        this.#changed()
        return undefined
      },
      lock: () => {
        this.#prompts.refuseAll()
        this.#nostr = null
        this.#ring.lockAll()
        this.#changed()
        return undefined
      },
      setLockMinutes: async (raw) => {
        await this.#setLockMinutes(LockMinutes.parse(raw))
        this.#ring.restartTimers()
        this.#changed()
        return undefined
      },
      movements: async ({ account, limit }) => (await this.#signer.files(account)).journal.newest(limit),
      openSheet: (task) => {
        this.#sheet.begin(task)
        return undefined
      },
      sheetGone: () => {
        this.#sheet.abandon()
        return undefined
      },
      fileSaved: (saved) => {
        this.#saving?.(saved)
        this.#saving = null
        return undefined
      },
    }
  }

  async close(): Promise<void> {
    this.#prompts.refuseAll()
    this.#ring.lockAll()
    await this.#signer.close()
    await this.rooms.file.close()
  }

  /** Whoever may call this may lower them; to raise them takes the person's yes. [Note: Why a sheet] */
  async #setLimits(limits: BudgetLimits): Promise<void> {
    if (!this.limits.isRaisedBy(limits)) return this.limits.lower(limits)
    await this.#agree(limitsWords(this.limits.value, limits), 'The limits stay as they are: you said no.')
    await this.limits.agree(limits)
  }

  /** A wallet that locks sooner is as the caller likes; one that stays open for longer takes the person's yes. */
  async #setLockMinutes(minutes: LockMinutes): Promise<void> {
    const before = this.store.lockMinutes
    const isLonger = before !== 0 && (minutes === 0 || minutes > before)
    if (isLonger) {
      await this.#agree(lockWords(before, minutes), 'The wallet locks as soon as before: you said no.')
      // meanwhile it may have been made shorter still: what was agreed to is what was shown
      if (this.store.lockMinutes !== before) throw new StudioError('sign-stale', 'It was changed meanwhile. Try again.')
    }
    await this.store.setLockMinutes(minutes)
  }

  /** Asks on the sheet for what weakens the wallet. @throws StudioError `sign-refused` with the words for a no */
  async #agree(words: SignWords, ifNot: string): Promise<void> {
    const account = this.store.account(this.#activeAddress())
    const needsPassphrase = this.#ring.isLocked(account.address)
    await this.#prompts
      .ask({ kind: 'limits', account, words, network: null, room: null, needsPassphrase })
      .catch((error: unknown) => {
        if (!(error instanceof StudioError) || error.code !== 'sign-refused') throw error
        throw new StudioError('sign-refused', ifNot)
      })
  }

  #deviceKey(): Promise<DeviceKey> {
    const { dataDir, devicePassphrase } = this.start
    return loadDeviceKey(dataDir, devicePassphrase === null ? {} : { passphrase: devicePassphrase })
  }

  async #knownKeyGrant(): Promise<SignedKeyGrant | null> {
    const account = this.#activeAddress()
    if (!this.#ring.isLocked(account)) return this.#keyGrant()
    return this.#grants.find(account, await this.#deviceKey(), Math.floor(this.now() / 1000))
  }

  async #keyGrant(): Promise<SignedKeyGrant> {
    const account = this.#activeAddress()
    const key = await this.#deviceKey()
    const now = Math.floor(this.now() / 1000)
    const known = await this.#grants.find(account, key, now)
    if (known !== null) return known
    const message = newGrant(account, key, now)
    const ownDevice = deviceKeys(key).device
    const context = await this.#context(account)
    const { signable, make } = typedRequest(identityData('KeyGrant', message), context, {
      ...{ room: null, origin: null, ownDevice },
    })
    const { signature } = await this.#signer.sign(signable, make)
    const grant = { ...message, signature }
    await this.#grants.keep(grant)
    return grant
  }

  async #context(account: Address): Promise<RequestContext> {
    const { book, journal } = await this.#signer.files(account)
    return {
      ...{ account: this.store.account(account).address, networks: this.#networks, budgets: this.#budgets, book },
      now: this.now(),
      nameOf: (address) => this.#nameOf(address),
      paidBefore: journal.addressesPaid,
    }
  }

  #nameOf(address: Address): string | null {
    const own = this.store.accounts.find((account) => account.address === address)
    if (own) return `${own.name} (your account)`
    const contract = this.#networks.map((network) => contractAt(network, address)).find((name) => name !== null)
    return contract ?? this.#budgets.nameOf(address)
  }

  #activeAddress(): Address {
    const { active } = this.store
    if (active === null) throw new StudioError('no-account', 'There is no account yet. Make one on the Wallet page.')
    return active.address
  }

  /** For sums in the state, which is told without waiting. */
  #activeBook: RequestContext['book'] | null = null

  async #openActive(): Promise<void> {
    const { active } = this.store
    // A broken book is said when something is to be signed.
    const files = active === null ? null : await this.#signer.files(active.address).catch(() => null)
    this.#activeBook = files?.book ?? null
  }

  #changed(): void {
    void this.#openActive().then(() => this.events.changed(this.state))
  }

  #viewChanged(): void {
    const view = this.#sheet.view
    this.events.view(view)
    this.events.sheet(view.show !== 'nothing')
  }
}
