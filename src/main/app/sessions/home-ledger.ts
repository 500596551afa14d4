import { Interface } from 'ethers'
import { StudioError } from '@shared/errors'
import type { LedgerStatus } from '@shared/ledger/ledger-status'
import type { Address } from '@shared/money/address'
import { ContractName } from '@shared/money/contract-name'
import type { LedgerBalance, LedgerCall, LedgerProvider } from '@shared/wallet/ledger-provider'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import type { JournaledSending, SignTransaction } from './journaled-sending'
import type { LedgerSession } from './ledger-session'

const VIEWS = new Interface([
  'function balanceOf(address) view returns (uint256)',
  'function accountOf(address) view returns (uint256 balance, uint256 collateral, uint256 exitAt)',
  'function hasClaimed(address) view returns (bool)',
  'function claim()',
])

/**
 * The ledger of this profile as the wallet uses it, opened with the first account, and those of the lives that are
 * watched.
 */
export class HomeLedger implements LedgerProvider {
  #network: WalletNetwork | null = null
  readonly #followed = new Map<bigint, { ledger: string; network: WalletNetwork }>()
  readonly #listeners: (() => void)[] = []
  readonly #heard = new WeakSet()

  constructor(
    private readonly session: LedgerSession,
    private readonly sending: JournaledSending,
  ) {}

  networks(): readonly WalletNetwork[] {
    const followed = [...this.#followed.values()].map(({ network }) => network)
    return this.#network === null ? followed : [this.#network, ...followed]
  }

  async open(): Promise<void> {
    const status = await this.session.home()
    const client = await this.session.client()
    if (!this.#heard.has(client)) {
      this.#heard.add(client) // a restarted engine is another client
      client.on('changed', () => this.#tell())
    }
    this.#network = networkOf(status)
    this.#tell()
  }

  /** Transactions may be sent to this ledger too; it is followed already. */
  also(status: LedgerStatus): void {
    if (this.#network?.chainId === BigInt(status.chainId)) return
    this.#followed.set(BigInt(status.chainId), { ledger: status.id, network: networkOf(status) })
    this.#tell()
  }

  async balance(_chainId: bigint, account: Address): Promise<LedgerBalance> {
    const network = this.#opened()
    const { contracts } = network
    this.sending.resume(network, this.session.provider('home'), account)
    const [freeWei] = await this.#view(contracts.WEToken, 'balanceOf', account)
    const [balance, collateral] = await this.#view(contracts.TipBank, 'accountOf', account)
    return { freeWei: freeWei as bigint, depositWei: (balance as bigint) + (collateral as bigint) }
  }

  async welcomeCall(account: Address): Promise<LedgerCall | null> {
    const { faucet } = this.#opened()
    if (faucet === null) return null
    const [hasClaimed] = await this.#view(faucet, 'hasClaimed', account)
    return hasClaimed === true ? null : { to: faucet, data: VIEWS.encodeFunctionData('claim'), words: 'Get test WE' }
  }

  send(chainId: bigint, account: Address, call: LedgerCall, sign: SignTransaction): Promise<{ hash: string }> {
    const followed = this.#followed.get(chainId)
    const network = followed?.network ?? this.#opened()
    if (network.chainId !== chainId)
      throw new StudioError('no-ledger', 'This ledger is not open. Try again in a moment.')
    const provider = this.session.provider(followed?.ledger ?? 'home')
    return this.sending.send({ network, provider }, account, call, sign)
  }

  onChanged(listener: () => void): void {
    this.#listeners.push(listener)
  }

  async #view(to: Address | undefined, name: string, account: Address): Promise<readonly unknown[]> {
    if (to === undefined) throw new StudioError('no-contract', 'This ledger has no such contract.')
    const data = VIEWS.encodeFunctionData(name, [account])
    return VIEWS.decodeFunctionResult(name, (await this.#ask('eth_call', [{ to, data }, 'latest'])) as string)
  }

  async #ask(method: string, params: readonly unknown[], ledger = 'home'): Promise<unknown> {
    try {
      return await this.session.provider(ledger).request({ method, params })
    } catch (error) {
      if (error instanceof StudioError) throw error
      const reason = error instanceof Error ? error.message : 'unknown reason'
      throw new StudioError('ledger-refused', `The ledger refused it (${reason}). Nothing was moved.`)
    }
  }

  #opened(): WalletNetwork {
    if (this.#network === null) throw new StudioError('no-ledger', 'The ledger is not open yet. Try again in a moment.')
    return this.#network
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
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
