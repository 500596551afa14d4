import { StudioError } from '@shared/errors'
import { compactSignature } from '@shared/gifts/compact-signature'
import type { GiftMoney, OpenGiftLedger } from '@shared/gifts/gift-money'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import type { TabSigner } from '@shared/gifts/ledger-view'
import type { LedgerStatus } from '@shared/ledger/ledger-status'
import { ZERO_BYTES32, type Address, type Bytes32 } from '@shared/money/address'
import type { SignedKeyGrant } from '@shared/wallet/signed-key-grant'
import type { HomeLedger } from './home-ledger'
import type { LedgerSession } from './ledger-session'
import type { WalletSession } from './wallet-session'

/** Wallet and local ledgers as the gifts use them: plugs three rooms together that do not know each other. */
export class WalletGiftMoney implements GiftMoney {
  readonly #listeners: ((what: 'account' | 'budget') => void)[] = []
  #known = ''

  constructor(
    private readonly wallet: WalletSession,
    private readonly ledgers: LedgerSession,
    private readonly home: HomeLedger,
  ) {}

  account(): { address: Address; name: string } | null {
    const { account } = this.wallet
    if (account === null) return null
    const name = this.wallet.view.accounts.find(({ address }) => address === account)?.name ?? ''
    return { address: account, name }
  }

  budget(room: string): { leftWei: bigint; perGiftWei: bigint } | null {
    const found = this.wallet.view.rooms.find((budget) => budget.room === room)
    return found === undefined ? null : { leftWei: found.leftWei, perGiftWei: found.limits.perGiftWei }
  }

  onChanged(listener: (what: 'account' | 'budget') => void): void {
    this.#listeners.push(listener)
  }

  /** The wallet has told something. */
  walletChanged(): void {
    const account = this.account()
    const known = account === null ? '' : `${account.address} ${account.name}`
    const what = known === this.#known ? 'budget' : 'account'
    this.#known = known
    for (const listener of this.#listeners) listener(what)
  }

  askForAccount(): Promise<void> {
    return this.wallet.openSheet('create')
  }

  async openOwn(): Promise<OpenGiftLedger> {
    return this.#opened(await this.ledgers.home(), 'home')
  }

  async openFor({ genesis, host }: GiftTerms, broadcaster: string): Promise<OpenGiftLedger> {
    if (genesis === ZERO_BYTES32) {
      throw new StudioError(
        'real-chain',
        'This live takes gifts on a real chain. This version gives on local ledgers only.',
      )
    }
    const id = genesis.slice(2)
    const own = await this.ledgers.home()
    if (own.id === id) return this.#opened(own, 'home')
    const status = await this.ledgers.follow(id, [host ?? broadcaster])
    this.home.also(status)
    return this.#opened(status, id)
  }

  signer({ chainId }: OpenGiftLedger, room: string): TabSigner {
    return {
      signTab: async (tab) => {
        const client = await this.wallet.client()
        const { signature } = await client.call('signTab', { chainId: BigInt(chainId), tab, room })
        return compactSignature(signature)
      },
    }
  }

  async keyGrant(ask: boolean): Promise<SignedKeyGrant | null> {
    return (await this.wallet.client()).call(ask ? 'keyGrant' : 'knownKeyGrant', undefined)
  }

  async shareToken(contentId: Bytes32): Promise<string | null> {
    return (await this.wallet.client()).call('shareToken', contentId)
  }

  async openRoom(room: { room: string; name: string; creator: Address }): Promise<void> {
    await (await this.wallet.client()).call('openRoom', room)
  }

  async endRoom(room: string): Promise<void> {
    if (this.wallet.account !== null) await (await this.wallet.client()).call('endRoom', room)
  }

  async send(
    { chainId }: OpenGiftLedger,
    call: { to: Address; data: string; words: string },
    room: string | null,
  ): Promise<void> {
    const account = this.account()?.address
    if (account === undefined) throw new StudioError('no-account', 'You need an account for this. It takes a minute.')
    const client = await this.wallet.client()
    await this.home.send(BigInt(chainId), account, call, (transaction) =>
      client.call('signTransaction', { account, transaction, room }),
    )
  }

  #opened({ id, chainId, contracts }: LedgerStatus, ledger: string): OpenGiftLedger {
    const at = (name: string): Address => {
      const address = contracts[name]
      if (address === undefined) throw new StudioError('no-contract', `This ledger has no ${name}: it takes no gifts.`)
      return address
    }
    return {
      provider: this.ledgers.provider(ledger),
      ...{ chainId, genesis: `0x${id}`, host: null, isTest: true },
      contracts: {
        ...{ token: at('WEToken'), bank: at('TipBank'), catalog: at('GiftCatalog'), market: at('AccessMarket') },
        faucet: contracts['TestFaucet'] ?? null,
      },
    }
  }
}
