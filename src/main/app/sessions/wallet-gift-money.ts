import type { WalletService } from '@shared/engines/wallet-service'
import { StudioError } from '@shared/errors'
import { compactSignature } from '@shared/gifts/compact-signature'
import type { GiftMoney, OpenGiftLedger } from '@shared/gifts/gift-money'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import type { TabSigner } from '@shared/gifts/ledger-view'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { LedgerStatus } from '@shared/ledger/ledger-status'
import { ZERO_BYTES32, type Address, type Bytes32 } from '@shared/money/address'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { WalletView } from '@shared/ipc/wallet-schema'
import type { SignedKeyGrant } from '@shared/wallet/signed-key-grant'
import type { ChainInUse, WalletLedgers } from './wallet-ledgers'

/** The wallet as the gifts use it. */
export interface GiftWallet {
  readonly account: Address | null
  readonly view: Pick<WalletView, 'accounts' | 'rooms'>
  client(): Promise<Pick<ServiceClient<WalletService>, 'call'>>
  openSheet(task: 'create'): Promise<void>
}

/** The ledgers as the gifts use them. */
export interface GiftLedgers {
  home(): Promise<LedgerStatus>
  follow(ledger: string, peers: string[]): Promise<LedgerStatus>
  provider(ledger: string): Eip1193
}

/** Wallet and ledgers as the gifts use them: plugs three rooms together that do not know each other. */
export class WalletGiftMoney implements GiftMoney {
  readonly #listeners: ((what: 'account' | 'budget') => void)[] = []
  #known = ''

  constructor(
    private readonly wallet: GiftWallet,
    private readonly ledgers: GiftLedgers,
    private readonly inWallet: WalletLedgers,
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
    const networks = this.inWallet.choices().map(({ key }) => key)
    const known = account === null ? '' : `${account.address} ${account.name} ${this.ownChain()} ${networks.join()}`
    const what = known === this.#known ? 'budget' : 'account'
    this.#known = known
    for (const listener of this.#listeners) listener(what)
  }

  askForAccount(): Promise<void> {
    return this.wallet.openSheet('create')
  }

  ownChain(): number | null {
    const [front] = this.inWallet.networks()
    return front === undefined ? null : Number(front.chainId)
  }

  async openOwn(): Promise<OpenGiftLedger> {
    const chain = this.inWallet.frontChain()
    return chain === null ? this.#opened(await this.ledgers.home(), 'home') : this.#openedChain(chain)
  }

  async openFor({ genesis, host, chainId, bank }: GiftTerms, broadcaster: string): Promise<OpenGiftLedger> {
    if (genesis === ZERO_BYTES32) {
      const chain = await this.inWallet.chain(BigInt(chainId))
      if (chain.network.contracts.TipBank !== bank) {
        throw new StudioError(
          'other-contracts',
          `This live takes gifts on ${chain.network.name} by other contracts than those in your list. Gifts are off, so ` +
            'that nothing is lost. If you trust its contracts, remove the network on the Ledger page and add it with them.',
        )
      }
      return this.#openedChain(chain)
    }
    const id = genesis.slice(2)
    const own = await this.ledgers.home()
    if (own.id === id) return this.#opened(own, 'home')
    const status = await this.ledgers.follow(id, [host ?? broadcaster])
    this.inWallet.also(status)
    return this.#opened(status, id)
  }

  signer({ chainId }: OpenGiftLedger, room: string): TabSigner {
    return {
      signTab: async (tab) => {
        const client = await this.wallet.client()
        const { signature } = await client.call('signTab', { chainId: BigInt(chainId), tab, room })
        return compactSignature(signature)
      },
      signTabs: async (tabs) => {
        const client = await this.wallet.client()
        const signed = await client.call('signTabs', { chainId: BigInt(chainId), ...tabs, room })
        return { tab: compactSignature(signed.signature), design: compactSignature(signed.designSignature) }
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
    await this.inWallet.send(BigInt(chainId), account, call, (transaction, about) =>
      client.call('signTransaction', { account, transaction, room, about }),
    )
  }

  #opened({ id, chainId, contracts }: LedgerStatus, ledger: string): OpenGiftLedger {
    return {
      provider: this.ledgers.provider(ledger),
      ...{ chainId, genesis: `0x${id}`, host: null, isTest: true, firstBlock: 0 },
      contracts: { ...giftContracts(contracts, 'This ledger'), faucet: contracts['TestFaucet'] ?? null },
    }
  }

  #openedChain({ key, network, firstBlock }: ChainInUse): OpenGiftLedger {
    return {
      provider: this.ledgers.provider(key),
      ...{ chainId: Number(network.chainId), genesis: ZERO_BYTES32, host: null, isTest: false, firstBlock },
      contracts: { ...giftContracts(network.contracts, network.name), faucet: null },
    }
  }
}

function giftContracts(contracts: Readonly<Record<string, Address | undefined>>, where: string) {
  const at = (name: string): Address => {
    const address = contracts[name]
    if (address === undefined) throw new StudioError('no-contract', `${where} has no ${name}: it takes no gifts.`)
    return address
  }
  return { token: at('WEToken'), bank: at('TipBank'), catalog: at('GiftCatalog'), market: at('AccessMarket') }
}
