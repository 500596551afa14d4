import { dialog, type BrowserWindow } from 'electron'
import { getAddress } from 'ethers'
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WalletService } from '@shared/engines/wallet-service'
import { reportError, StudioError } from '@shared/errors'
import type { Handlers } from '@shared/ipc/channel'
import type { EngineStatus, StudioSchema } from '@shared/ipc/studio-schema'
import type { AddressCheck, MovementView, WalletLedger, WalletView } from '@shared/ipc/wallet-schema'
import { isLocalChain } from '@shared/ledger/genesis'
import type { LedgerEntry } from '@shared/ledger/ledger-entry'
import { networkKey } from '@shared/ledger/ledger-network'
import type { Address } from '@shared/money/address'
import { formatWe } from '@shared/money/we-amount'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { LedgerBalance, LedgerProvider } from '@shared/wallet/ledger-provider'
import { incomingMovements } from '@shared/wallet/incoming-movements'
import { DEFAULT_BUDGET, type BudgetLimits } from '@shared/wallet/room-budget'
import type { SheetTask } from '@shared/wallet/sheet'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import type { Movement, WalletState } from '@shared/wallet/wallet-state'
import { loadDeviceSecret } from '../../wallet/accounts/device-secret'
import { receiverWarning } from '../../wallet/policy/signing-words'
import { transferCall } from '../../wallet/policy/transfer-call'
import { readTypedAddress } from '../../wallet/policy/typed-address'
import { systemSafeBox } from '../../wallet/safe-box.electron'
import { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import { WalletSheet } from '../wallet-sheet'

const MAX_MOVEMENTS = 500
/** Entries of the ledger that are looked through for what came to an account. */
const MAX_INCOMING = 200

/** What the ledger's index has of an account. */
export interface IncomingSource {
  entriesOf(account: Address, network: string, limit: number): Promise<LedgerEntry[]>
}

export interface WalletPaths {
  /** Where entries were built to. */
  out: string
  dataDir: string
}

/**
 * The wallet as main knows it: an engine that holds the keys, a sheet on which the person answers it, and the ledgers it
 * may sign for. Main itself sees neither keys nor passphrases; it passes on what is to be signed and what came of it.
 */
export class WalletSession {
  readonly host: EngineHost<WalletService>
  readonly #sheet: WalletSheet
  #state: WalletState
  #ledger: LedgerProvider | null = null
  #incoming: IncomingSource | null = null
  #balanceProblem: string | null = null
  #balance: { account: Address; chainId: bigint; balance: LedgerBalance } | null = null
  #started: Promise<void> | null = null
  #ledgerOpened = false
  readonly #welcomed = new Set<Address>()

  constructor(
    private readonly paths: WalletPaths,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
    private readonly window: () => BrowserWindow | null,
    onStatus: (status: EngineStatus) => void,
    log: (line: string) => void,
  ) {
    this.#state = {
      ...{ accounts: [], active: null, locked: false, lockMinutes: 15, keptBy: null },
      ...{ limits: DEFAULT_BUDGET, rooms: [] },
    }
    this.host = new EngineHost<WalletService>({
      name: 'wallet',
      title: 'The wallet',
      modulePath: join(paths.out, 'wallet-engine.js'),
      onStatus,
      log,
      prepare: (client, restarted) => this.#prepare(client, restarted),
    })
    this.#sheet = new WalletSheet({
      pages: join(paths.out, '../renderer'),
      preload: join(paths.out, '../preload/sheet-preload.cjs'),
      window,
      openPort: () => this.host.openPort({ t: 'port', use: 'sheet' }),
      onGone: () => void this.#callQuietly((client) => client.call('sheetGone', undefined)),
    })
  }

  /** Starts the engine when there is an account; without one it is not needed yet. */
  resume(): void {
    if (hasAccounts(join(this.paths.dataDir, 'wallet', 'accounts'))) void this.client().catch(() => undefined)
  }

  /** The engine's client, started when need be. Other parts of main sign by it. */
  async client(): Promise<ServiceClient<WalletService>> {
    this.#started ??= this.host.start()
    await this.#started
    return this.host.ready()
  }

  /** The ledgers that the wallet may sign for, from now on. */
  useLedger(ledger: LedgerProvider, incoming: IncomingSource): void {
    this.#ledger = ledger
    this.#incoming = incoming
    ledger.onChanged(() => this.#ledgerChanged())
    this.#openLedger()
  }

  get view(): WalletView {
    const { accounts, ...state } = this.#state
    const ledger = this.#ledger?.networks()[0] ?? null
    const known = this.#balance
    const isKnown = known !== null && known.account === state.active && known.chainId === ledger?.chainId
    return {
      ...state,
      accounts: accounts.map((account) => ({ ...account, shown: getAddress(account.address) })),
      ledger: ledger === null ? null : shownLedger(ledger),
      balance: isKnown ? known.balance : null,
      balanceProblem: isKnown ? null : this.#balanceProblem,
      networks: [...(this.#ledger?.choices() ?? [])],
      underWay: this.#underWay(ledger),
      later: this.settings.value.wallet.later,
    }
  }

  /** The window's side of the wallet. */
  handlers(): Handlers<StudioSchema>['wallet'] {
    const call = <C extends 'select' | 'rename' | 'setLockMinutes'>(name: C) => {
      return async (input: WalletService['calls'][C]['input']): Promise<void> => {
        await (await this.client()).call(name, input)
      }
    }
    return {
      getState: () => this.view,
      openSheet: (task) => this.openSheet(task),
      later: () => this.later(),
      lock: async () => (await this.client()).call('lock', undefined),
      select: call('select'),
      rename: call('rename'),
      setLockMinutes: call('setLockMinutes'),
      setLimits: (limits) => this.setLimits(limits),
      checkAddress: (text) => this.checkAddress(text),
      send: (payment) => this.send(payment),
      movements: () => this.movements(),
      chooseNetwork: async (key) => {
        if (this.#ledger === null) throw new StudioError('no-ledger', 'The ledger is not open yet. Try again.')
        await this.#ledger.choose(key)
      },
    }
  }

  /** The active account's address; null while there is none. */
  get account(): Address | null {
    return this.#state.active
  }

  async openSheet(task: SheetTask): Promise<void> {
    await (await this.client()).call('openSheet', task)
  }

  later(): void {
    this.settings.set({ wallet: { ...this.settings.value.wallet, later: true } })
    this.#tell()
  }

  /** The engine keeps them; higher ones take the person's yes on the sheet. */
  async setLimits(limits: BudgetLimits): Promise<void> {
    await (await this.client()).call('setLimits', limits)
  }

  /** What the account has signed, and what has come to it on the network in front; newest first. */
  async movements(): Promise<MovementView[]> {
    const { active } = this.#state
    if (active === null) return []
    const [signed, incoming] = await Promise.all([this.#signed(active), this.#income(active)])
    return withIncome(signed, incoming).slice(0, MAX_MOVEMENTS)
  }

  async #signed(account: Address): Promise<MovementView[]> {
    const client = await this.client()
    const movements = await client.call('movements', { account, limit: MAX_MOVEMENTS })
    return movements.map((movement) => this.#shownMovement(movement))
  }

  /** From the ledger's index; none while that cannot be read. */
  async #income(account: Address): Promise<MovementView[]> {
    const [front] = this.#ledger?.networks() ?? []
    if (front === undefined || this.#incoming === null) return []
    const nameOf = (address: Address): string | null => this.#nameOf(address)
    const entries = await this.#incoming.entriesOf(account, networkKey(front), MAX_INCOMING).catch(() => [])
    return incomingMovements(entries, account, { chainId: front.chainId, nameOf }).map((movement) => ({
      ...movement,
      otherShown: movement.other === null ? null : getAddress(movement.other),
      elsewhere: null,
    }))
  }

  async checkAddress(text: string): Promise<AddressCheck> {
    const read = readTypedAddress(text)
    if ('problem' in read) return { state: 'none', message: read.problem }
    const movements = this.#state.active === null ? [] : await this.#signed(this.#state.active)
    const own = this.#state.accounts.find(({ address }) => address === read.address)
    const known = movements.find(({ other }) => other === read.address)
    const paidBefore = movements.flatMap(({ other, paysWei }) => (other !== null && paysWei > 0n ? [other] : []))
    const name = own === undefined ? (known?.otherName ?? null) : `${own.name} (your account)`
    const warning = receiverWarning(read.address, { nameOf: () => name, paidBefore })
    return { state: 'found', ...read, name, warning }
  }

  /** Sends WE; the person agrees on the sheet. */
  async send({ to, amountWei }: { to: Address; amountWei: bigint }): Promise<{ hash: string }> {
    const { active } = this.#state
    const [network] = this.#ledger?.networks() ?? []
    if (active === null) throw new StudioError('no-account', 'There is no account yet. Make one first.')
    const token = network?.contracts.WEToken
    if (this.#ledger === null || network === undefined || token === undefined) {
      throw new StudioError('no-ledger', 'No ledger is open, so nothing can be sent. Try again in a moment.')
    }
    const { freeWei } = await this.#ledger.balance(network.chainId, active)
    if (amountWei > freeWei) {
      throw new StudioError('too-little', `You have ${formatWe(freeWei)} WE. Enter a smaller amount.`)
    }
    const client = await this.client()
    const call = transferCall(token, to, amountWei)
    return this.#ledger.send(network.chainId, active, call, (transaction, about) =>
      client.call('signTransaction', { account: active, transaction, room: null, about }),
    )
  }

  windowClosed(): void {
    this.#sheet.close()
  }

  async stop(): Promise<void> {
    this.#sheet.close()
    if (this.#started !== null) await this.host.stop()
  }

  async #prepare(client: ServiceClient<WalletService>, resumed: boolean): Promise<void> {
    client.on('changed', (state) => {
      this.#state = state
      this.#openLedger()
      this.#tell()
      void this.#refreshBalance()
    })
    client.on('moved', (movement) => {
      this.notify('wallet', 'moved', this.#shownMovement(movement))
      void this.#refreshBalance()
    })
    client.on('sheet', (open) => this.#sheet.set(open))
    client.on('saveFile', (file) => void this.#save(client, file))
    const { dataDir } = this.paths
    const box = systemSafeBox()
    // Where the system has no store, the engine keeps a file by itself and main never sees what is in it.
    const deviceSecret = box === null ? null : await loadDeviceSecret(join(dataDir, 'wallet'), box)
    const devicePassphrase = process.env['WE_PASSPHRASE'] ?? null
    this.#state = await client.call('start', { dataDir, devicePassphrase, deviceSecret, resumed })
    await client.call('setNetworks', [...(this.#ledger?.networks() ?? [])])
    this.#sheet.set(false)
    this.#sheet.reconnect()
    this.#openLedger()
    this.#tell()
    void this.#refreshBalance()
  }

  async #save(client: ServiceClient<WalletService>, { name, text }: { name: string; text: string }): Promise<void> {
    const window = this.window()
    const options: Electron.SaveDialogOptions = {
      title: 'Export the account',
      defaultPath: name,
      filters: [{ name: 'Keystore', extensions: ['json'] }],
    }
    let saved = false
    try {
      const chosen = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
      if (!chosen.canceled && chosen.filePath !== '') {
        await writeFile(chosen.filePath, text, { mode: 0o600 })
        saved = true
        const message = 'The account is exported. The file opens with the passphrase that you chose for it.'
        this.notify('app', 'notice', { level: 'info', code: 'wallet', message })
      }
    } catch (error) {
      this.notify('app', 'notice', { level: 'problem', ...reportError(error) })
    }
    await client.call('fileSaved', saved)
  }

  /** With the first account a ledger is needed. */
  #openLedger(): void {
    if (this.#state.active === null || this.#ledger === null || this.#ledgerOpened) return
    this.#ledgerOpened = true
    this.#ledger.open().catch((error: unknown) => {
      this.#ledgerOpened = false // tried again with the next change
      this.notify('app', 'notice', { level: 'problem', ...reportError(error) })
    })
  }

  /** A new account gets its test value by itself; a locked one is not opened for that. */
  async #welcome(account: Address, network: WalletNetwork, ledger: LedgerProvider): Promise<void> {
    if (network.kind !== 'local' || this.#state.locked || this.#welcomed.has(account)) return
    this.#welcomed.add(account)
    const call = await ledger.welcomeCall(account)
    if (call === null) return
    const client = await this.client()
    await ledger.send(network.chainId, account, call, (transaction) =>
      client.call('signTransaction', { account, transaction, room: null }),
    )
    await this.#refreshBalance()
  }

  #ledgerChanged(): void {
    void this.#callQuietly((client) => client.call('setNetworks', [...(this.#ledger?.networks() ?? [])]))
    this.#tell()
    void this.#refreshBalance()
  }

  async #refreshBalance(): Promise<void> {
    const { active } = this.#state
    const [network] = this.#ledger?.networks() ?? []
    if (active === null || network === undefined || this.#ledger === null) return
    try {
      const balance = await this.#ledger.balance(network.chainId, active)
      this.#balance = { account: active, chainId: network.chainId, balance }
      if (balance.freeWei === 0n) void this.#welcome(active, network, this.#ledger).catch(() => undefined)
      this.#balanceProblem = null
    } catch (error) {
      this.#balance = null // shown as not known
      this.#balanceProblem = reportError(error).message
    }
    this.#tell()
  }

  #shownMovement(movement: Movement): MovementView {
    const { other, chainId } = movement
    const [front] = this.#ledger?.networks() ?? []
    const isHere = chainId === null || chainId === front?.chainId
    return {
      ...{ ...movement, otherShown: other === null ? null : getAddress(other), getsWei: 0n },
      elsewhere: isHere ? null : this.#networkName(chainId),
    }
  }

  #networkName(chainId: bigint): string {
    const known = this.#ledger?.choices().find((choice) => choice.chainId === chainId)
    return known?.name ?? (isLocalChain(chainId) ? 'the ledger of a live' : `chain ${chainId}`)
  }

  #nameOf(address: Address): string | null {
    const own = this.#state.accounts.find((account) => account.address === address)
    return own === undefined ? null : `${own.name} (your account)`
  }

  #underWay(front: WalletNetwork | null): string[] {
    const { active } = this.#state
    if (active === null || front === null) return []
    const all = this.#ledger?.underWay(active) ?? []
    return all.filter(({ chainId }) => chainId === front.chainId).map(({ words }) => words)
  }

  async #callQuietly(run: (client: ServiceClient<WalletService>) => Promise<unknown>): Promise<void> {
    if (this.#started === null || this.host.status.state !== 'ready') return
    try {
      await run(this.host.client)
    } catch {
      // the engine is going, or is not there: the window closes after it when the app quits
    }
  }

  #tell(): void {
    this.notify('wallet', 'changed', this.view)
  }
}

/** Newest first. What the account's own transaction brought it (test value, collected gifts) stands in that one's line. */
function withIncome(signed: readonly MovementView[], incoming: readonly MovementView[]): MovementView[] {
  const own = new Map(
    signed.flatMap((movement) => (movement.hash === null ? [] : [[movement.hash, movement] as const])),
  )
  const others = incoming.filter(({ hash }) => hash === null || !own.has(hash))
  const broughtBy = (hash: string | null): bigint =>
    incoming.filter((one) => one.hash === hash).reduce((sum, { getsWei }) => sum + getsWei, 0n)
  const counted = signed.map((one) => (one.hash === null ? one : { ...one, getsWei: broughtBy(one.hash) }))
  return [...counted, ...others].sort((one, other) => other.at - one.at)
}

function shownLedger(network: WalletNetwork): WalletLedger {
  const { chainId, name, kind, coin } = network
  return { key: networkKey(network), chainId, name, kind, coin: coin ?? null }
}

function hasAccounts(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.json'))
  } catch {
    return false
  }
}
