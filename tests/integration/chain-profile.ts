import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WalletService } from '@shared/engines/wallet-service'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { Address } from '@shared/money/address'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { SignPrompt } from '@shared/wallet/sheet'
import type { SendingTimes } from '../../src/main/ledger/queue/sending'
import { JournaledSending } from '../../src/main/app/sessions/journaled-sending'
import { WalletGiftMoney } from '../../src/main/app/sessions/wallet-gift-money'
import { WalletLedgers, type LedgerLine } from '../../src/main/app/sessions/wallet-ledgers'
import { LedgerDesk } from '../../src/main/ledger/desk/ledger-desk'
import { LocalLedgers } from '../../src/main/ledger/embedded/local-ledgers'
import { homeNetwork } from '../../src/main/ledger/local-network'
import { WalletEngine } from '../../src/main/wallet/wallet-engine'

/** Wallet, ledgers, queue and gifts of one person, joined as the app joins them, in one process and without a window. */
export class ChainProfile {
  /** What the person was asked, in words; all of it is agreed to. */
  readonly asked: SignPrompt[] = []
  /** What earlier runs had left under way, and how it ended. */
  readonly recovered: [words: string, happened: boolean][] = []
  inWallet!: WalletLedgers
  money!: WalletGiftMoney
  #sending!: JournaledSending
  #front: string | null = null

  private constructor(
    readonly dir: string,
    readonly address: Address,
    readonly wallet: WalletEngine,
    private readonly ledgers: LocalLedgers,
    readonly desk: LedgerDesk,
  ) {}

  /** @param privateKey of the account, 0x */
  static async open(name: string, privateKey: string): Promise<ChainProfile> {
    const dir = await mkdtemp(join(tmpdir(), `we-chain-${name}-`))
    const ledgers = new LocalLedgers({ dir: join(dir, 'ledgers') })
    const desk = await LedgerDesk.open({ dir: join(dir, 'ledger'), local: await homeNetwork(ledgers), retryMs: 50 })
    let profile: ChainProfile | null = null
    const nothing = (): void => undefined
    const wallet = await WalletEngine.open(
      { dataDir: dir, devicePassphrase: null, deviceSecret: null },
      {
        ...{ changed: nothing, moved: nothing, sheet: nothing, saveFile: nothing },
        view: (view) => {
          if (view.show === 'prompt') profile?.agree(view.prompt)
        },
      },
    )
    const { address } = (await wallet.sheetHandlers().importAccount({
      ...{ name, passphrase: 'ripe plums in june', text: privateKey },
      ...{ filePassphrase: '', path: "m/44'/60'/0'/0/0", mnemonicPassphrase: '' },
    })) as { address: Address }
    profile = new ChainProfile(dir, address, wallet, ledgers, desk)
    await profile.start({ pollMs: 20 })
    return profile
  }

  /** The part that a restart of the app makes anew. */
  async start(times: Partial<SendingTimes>): Promise<void> {
    const { desk, ledgers } = this
    const provider = (ledger: string): Eip1193 => ({
      request: async (call) =>
        ledger.startsWith('rpc-') ? (await desk.chains.open(ledger)).request(call) : ledgers.request(ledger, call),
    })
    const line: LedgerLine = {
      ...{ provider, home: () => ledgers.home(), onChanged: () => undefined },
      chains: () => Promise.resolve(desk.chains.list()),
      checkSigning: async (key, about) => (await desk.chains.open(key)).checkBeforeSigning(about),
    }
    this.#sending = new JournaledSending(
      join(this.dir, 'ledger-queue'),
      (words, happened) => this.recovered.push([words, happened]),
      times,
    )
    const choice = { get: () => this.#front, set: (key: string | null) => (this.#front = key) }
    this.inWallet = new WalletLedgers(line, this.#sending, choice)
    const calls = this.wallet.handlers() as unknown as Record<string, (input: unknown) => unknown>
    this.inWallet.onChanged(() => calls['setNetworks']!([...this.inWallet.networks()]))
    await this.inWallet.open()
    const call = async (name: string, input: unknown): Promise<unknown> => calls[name]!(input)
    const client = { call } as unknown as Pick<ServiceClient<WalletService>, 'call'>
    const { address, wallet } = this
    this.money = new WalletGiftMoney(
      {
        ...{ account: address, client: () => Promise.resolve(client), openSheet: () => Promise.resolve() },
        get view() {
          const { accounts, rooms } = wallet.state
          return { rooms, accounts: accounts.map((account) => ({ ...account, shown: account.address })) }
        },
      },
      { home: () => ledgers.home(), follow: (id, peers) => ledgers.follow(id, peers), provider },
      this.inWallet,
    )
  }

  agree(prompt: SignPrompt): void {
    if (this.asked.some(({ id }) => id === prompt.id)) return
    this.asked.push(prompt)
    const answer = { id: prompt.id, yes: true, allowWei: 0n, passphrase: null }
    setImmediate(() => void this.wallet.sheetHandlers().answer(answer))
  }

  /** Titles of what was asked since the last time. */
  takeTitles(): string[] {
    return this.asked.splice(0).map(({ words }) => words.title)
  }

  /** As a kill of the app ends it: what was sent goes on. */
  async stopSending(): Promise<void> {
    this.inWallet.close()
    await this.#sending.close()
  }

  async close(): Promise<void> {
    await this.stopSending()
    await this.desk.close()
    await this.ledgers.close()
    await this.wallet.close()
    await rm(this.dir, { recursive: true, force: true })
  }
}
