import { Interface } from 'ethers'
import { StudioError } from '@shared/errors'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import { networkKey } from '@shared/ledger/ledger-network'
import type { LedgerStatus } from '@shared/ledger/ledger-status'
import type { AddedChain } from '@shared/ledger/rpc-network'
import type { Address } from '@shared/money/address'
import { ContractName } from '@shared/money/contract-name'
import type { LedgerBalance, LedgerCall, LedgerProvider, NetworkChoice } from '@shared/wallet/ledger-provider'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import type { JournaledSending, SendingLedger, SignTransaction } from './journaled-sending'

const VIEWS = new Interface([
  'function balanceOf(address) view returns (uint256)',
  'function accountOf(address) view returns (uint256 balance, uint256 collateral, uint256 exitAt)',
  'function hasClaimed(address) view returns (bool)',
  'function claim()',
])
/** Between two looks at a balance on a real chain, which says nothing by itself; milliseconds. */
const LOOK_EACH_MS = 15_000

/** What the wallet needs of whoever runs the ledgers. */
export interface LedgerLine {
  /** That of this profile; made at first need. */
  home(): Promise<LedgerStatus>
  /** EIP-1193 on "home", on a followed one by its genesis hash, or on a real chain by its key. */
  provider(ledger: string): Eip1193
  /** The real chains that the person has added. */
  chains(): Promise<AddedChain[]>
  /** Rejects with what stands against signing for this real chain. */
  checkSigning(key: string, about: { account?: string; to?: string }): Promise<void>
  /** There are new blocks, or other networks. */
  onChanged(listener: (what: 'blocks' | 'networks') => void): void
}

/** A real chain that is used. */
export interface ChainInUse {
  key: string
  network: WalletNetwork
  /** The block before which none of the contracts existed. */
  firstBlock: number
}

/** Key of the network that the person has put in front; null: the ledger of this profile. */
export interface FrontChoice {
  get(): string | null
  set(key: string | null): void
}

/**
 * The ledgers as the wallet uses them: that of this profile, those of the lives that are watched, and real chains. It
 * signs for the one in front and for those that are in use beside it; all others are foreign.
 */
export class WalletLedgers implements LedgerProvider {
  #home: WalletNetwork | null = null
  #chains: readonly AddedChain[] = []
  /** Of watched lives: the followed ones by genesis hash, real chains by key. */
  readonly #inUse = new Map<bigint, { ledger: string; network: WalletNetwork }>()
  readonly #listeners: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly line: LedgerLine,
    private readonly sending: JournaledSending,
    private readonly choice: FrontChoice,
  ) {
    line.onChanged((what) => {
      if (this.#home === null) return
      if (what === 'blocks') this.#tell()
      else void this.#readChains().finally(() => this.#tell())
    })
  }

  networks(): readonly WalletNetwork[] {
    const front = this.#front()
    if (front === null) return [] // not the wrong one for a moment
    const others = [this.#home, ...[...this.#inUse.values()].map(({ network }) => network)]
    return [
      front,
      ...others.filter((network) => network !== null && network.chainId !== front.chainId),
    ] as WalletNetwork[]
  }

  choices(): readonly NetworkChoice[] {
    const home = this.#home
    if (home === null) return []
    const { chainId, name, kind } = home
    const chains = this.#chains.map(({ network, hosts }) => ({
      ...{ key: networkKey(network), chainId: network.chainId, name: network.name, kind: network.kind },
      hosts: [...hosts],
    }))
    return [{ key: networkKey(home), chainId, name, kind, hosts: [] }, ...chains]
  }

  async choose(key: string | null): Promise<void> {
    const chain = this.#chains.find(({ network }) => networkKey(network) === key)
    const isHome = key === null || (this.#home !== null && key === networkKey(this.#home))
    if (!isHome) {
      if (chain === undefined) throw new StudioError('no-network', 'This network is not in your list any more.')
      await this.line.checkSigning(networkKey(chain.network), {})
    }
    this.choice.set(isHome ? null : key)
    this.#look()
    this.#tell()
  }

  async open(): Promise<void> {
    const home = networkOf(await this.line.home())
    await this.#readChains()
    this.#home = home
    this.#look()
    this.#tell()
  }

  /** Transactions may be sent to this ledger too; it is followed already. */
  also(status: LedgerStatus): void {
    this.#use(status.id, networkOf(status))
  }

  /**
   * A real chain by its id, for a live whose gifts go there.
   * @throws StudioError `chain-missing` with the way out, when the person has not added it
   */
  async chain(chainId: bigint): Promise<ChainInUse> {
    await this.#readChains()
    const added = this.#chains.find(({ network }) => network.chainId === chainId)
    if (added === undefined) {
      throw new StudioError(
        'chain-missing',
        `This live takes gifts on a real chain (number ${chainId}) that is not in your list. Add it under Networks on ` +
          'the Ledger page, with a node and the contracts that its people publish; then the gifts open by themselves.',
      )
    }
    const chain = inUse(added)
    await this.line.checkSigning(chain.key, {})
    this.#use(chain.key, chain.network)
    return chain
  }

  /** The real chain in front; null while it is the ledger of this profile. */
  frontChain(): ChainInUse | null {
    const chosen = this.choice.get()
    const chain = this.#chains.find(({ network }) => networkKey(network) === chosen)
    return chain === undefined ? null : inUse(chain)
  }

  async balance(chainId: bigint, account: Address): Promise<LedgerBalance> {
    const at = this.#at(chainId)
    const { contracts, kind } = at.network
    this.sending.resume(at, account)
    const [freeWei] = await view(at.provider, contracts.WEToken, 'balanceOf', account)
    const [balance, collateral] =
      contracts.TipBank === undefined ? [0n, 0n] : await view(at.provider, contracts.TipBank, 'accountOf', account)
    const coin = kind === 'local' ? null : await ask(at.provider, 'eth_getBalance', [account, 'latest'])
    return {
      freeWei: freeWei as bigint,
      depositWei: (balance as bigint) + (collateral as bigint),
      coinWei: coin === null ? null : BigInt(coin as string),
    }
  }

  async welcomeCall(account: Address): Promise<LedgerCall | null> {
    const faucet = this.#home?.faucet ?? null
    if (faucet === null) return null
    const [hasClaimed] = await view(this.line.provider('home'), faucet, 'hasClaimed', account)
    return hasClaimed === true ? null : { to: faucet, data: VIEWS.encodeFunctionData('claim'), words: 'Get test WE' }
  }

  send(chainId: bigint, account: Address, call: LedgerCall, sign: SignTransaction): Promise<{ hash: string }> {
    return this.sending.send(this.#at(chainId), account, call, sign)
  }

  underWay(account: Address): readonly { chainId: bigint; words: string }[] {
    return this.sending.underWay(account)
  }

  onChanged(listener: () => void): void {
    this.#listeners.push(listener)
    this.sending.onChanged(listener)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #use(ledger: string, network: WalletNetwork): void {
    if (this.#home?.chainId === network.chainId) return
    this.#inUse.set(network.chainId, { ledger, network })
    this.#tell()
  }

  #front(): WalletNetwork | null {
    return this.#home === null ? null : (this.frontChain()?.network ?? this.#home)
  }

  #at(chainId: bigint): SendingLedger {
    const front = this.#front()
    if (front?.kind === 'rpc' && front.chainId === chainId) return this.#sending(networkKey(front), front)
    if (this.#home?.chainId === chainId) return this.#sending('home', this.#home)
    const used = this.#inUse.get(chainId)
    if (used === undefined) throw new StudioError('no-ledger', 'This ledger is not open. Try again in a moment.')
    return this.#sending(used.ledger, used.network)
  }

  #sending(ledger: string, network: WalletNetwork): SendingLedger {
    const provider = this.line.provider(ledger)
    // of a ledger of ours each block was executed by this computer
    const check = network.kind === 'local' ? () => Promise.resolve() : this.line.checkSigning.bind(this.line, ledger)
    return { network, provider, check }
  }

  /** What is known stays when the engine does not answer. */
  async #readChains(): Promise<void> {
    this.#chains = await this.line.chains().catch(() => this.#chains)
    for (const [chainId, { network }] of this.#inUse) {
      const isGone = !this.#chains.some((added) => added.network.chainId === chainId)
      if (network.kind === 'rpc' && isGone) this.#inUse.delete(chainId)
    }
  }

  /** A real chain tells nothing by itself. */
  #look(): void {
    clearInterval(this.#timer)
    if (this.#front()?.kind !== 'rpc') return
    this.#timer = setInterval(() => this.#tell(), LOOK_EACH_MS)
    this.#timer.unref()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

async function view(
  provider: Eip1193,
  to: Address | undefined,
  name: string,
  account: Address,
): Promise<readonly unknown[]> {
  if (to === undefined) throw new StudioError('no-contract', 'This ledger has no such contract.')
  const data = VIEWS.encodeFunctionData(name, [account])
  return VIEWS.decodeFunctionResult(name, (await ask(provider, 'eth_call', [{ to, data }, 'latest'])) as string)
}

async function ask(provider: Eip1193, method: string, params: readonly unknown[]): Promise<unknown> {
  try {
    return await provider.request({ method, params })
  } catch (error) {
    if (error instanceof StudioError) throw error
    const reason = error instanceof Error ? error.message : 'unknown reason'
    throw new StudioError('ledger-refused', `The ledger refused it (${reason}). Nothing was moved.`)
  }
}

/** What the wallet may sign for on a local ledger. */
export function networkOf({ chainId, name, contracts }: LedgerStatus): WalletNetwork {
  const pinned = ContractName.options.flatMap((contract) => {
    const address = contracts[contract]
    return address === undefined ? [] : [[contract, address] as const]
  })
  return {
    ...{
      chainId: BigInt(chainId),
      name: name === 'local' ? 'Local ledger' : name,
      kind: 'local',
      contracts: Object.fromEntries(pinned),
    },
    faucet: contracts['TestFaucet'] ?? null,
  }
}

/** On a real chain only what was pinned when it was added. */
function inUse({ network }: AddedChain): ChainInUse {
  const { chainId, name, contracts, coin, firstBlock } = network
  const pinned = Object.entries(contracts).map(([contract, { address }]) => [contract, address] as const)
  return {
    ...{ key: networkKey(network), firstBlock },
    network: {
      ...{ chainId, name, kind: 'rpc', contracts: Object.fromEntries(pinned), faucet: null },
      ...(coin === undefined ? {} : { coin }),
    },
  }
}
