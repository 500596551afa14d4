import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { networkKey, type PinnedContracts } from '@shared/ledger/ledger-network'
import { NewRpcNetwork, RpcNetworkEntry } from '@shared/ledger/rpc-network'
import { ContractName } from '@shared/money/contract-name'
import { writeBeside } from '../../platform/write-beside'
import { codeHashAt } from './code-pins'
import { RpcEndpoint } from './rpc-endpoint'
import { chainIdOf, RpcNetwork, type RpcNetworkOptions } from './rpc-network'

const MAX_NETWORKS = 30

/** JSON has no bigint. */
const StoredNetwork = RpcNetworkEntry.extend({
  chainId: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt),
})

const Book = z.object({
  /** Key of the network in use; null: the local ledger. */
  active: z.string().max(40).nullable(),
  networks: z.array(StoredNetwork.pipe(RpcNetworkEntry)).max(MAX_NETWORKS),
})
type Book = z.infer<typeof Book>

/** The real chains that the person has added, and which ledger is in use: one JSON file, written whole. */
export class NetworkBook {
  #changing: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private book: Book,
    private readonly options: RpcNetworkOptions,
  ) {}

  /** Throws StudioError `networks-unreadable`: pins must not be lost in silence. */
  static async load(path: string, options: RpcNetworkOptions = {}): Promise<NetworkBook> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(path, error)
      return new NetworkBook(path, { active: null, networks: [] }, options)
    }
    try {
      return new NetworkBook(path, Book.parse(JSON.parse(text)), options)
    } catch (error) {
      throw unreadable(path, error)
    }
  }

  get networks(): readonly RpcNetworkEntry[] {
    return this.book.networks
  }

  /** Key of the one in use: of a real chain in the list, or of a ledger that is followed. Null: that of this computer. */
  get active(): string | null {
    return this.book.active
  }

  /** Throws StudioError `no-network`. */
  find(key: string): RpcNetworkEntry {
    const found = this.book.networks.find((network) => networkKey(network) === key)
    if (found === undefined) throw new StudioError('no-network', 'This network is not in your list any more.')
    return found
  }

  /**
   * Connects, pins the contracts and keeps the network. A code hash that the list names must be what is there; where it
   * names none, what is there now is trusted from now on.
   */
  async add(wanted: NewRpcNetwork): Promise<RpcNetworkEntry> {
    const { name, rpcUrl, secondRpcUrl, list } = NewRpcNetwork.parse(wanted)
    const node = new RpcEndpoint(rpcUrl, this.options)
    const chainId = await chainIdOf(node)
    if (list.chainId !== undefined && BigInt(list.chainId) !== chainId) {
      throw new StudioError(
        'foreign-chain',
        `The contracts are of chain ${list.chainId}, but the node at ${node.host} is of chain ${chainId}.`,
      )
    }
    const contracts: PinnedContracts = {}
    for (const contract of ContractName.options) {
      const listed = list.contracts[contract]
      if (listed === undefined) continue
      const codeHash = listed.codeHash ?? (await codeHashAt(node, listed.address))
      if (codeHash === null) {
        throw new StudioError(
          'no-contract',
          `There is no contract at the address of ${contract} on this chain. Check the addresses.`,
        )
      }
      contracts[contract] = { address: listed.address, codeHash }
    }
    if (contracts.WEToken === undefined) {
      throw new StudioError('no-contract', 'The list of contracts must name WEToken at least.')
    }
    const entry: RpcNetworkEntry = {
      ...{ kind: 'rpc', chainId, name, contracts, firstBlock: list.firstBlock },
      ...{ rpcUrl, secondRpcUrl },
      ...(list.coin === undefined ? {} : { coin: list.coin }),
    }
    await RpcNetwork.open(entry, this.options)
    await this.#change((book) => {
      if (book.networks.some((network) => network.chainId === chainId)) {
        throw new StudioError('network-exists', `Chain ${chainId} is in your list already. Remove that entry first.`)
      }
      if (book.networks.length >= MAX_NETWORKS) {
        throw new StudioError('too-many-networks', `At most ${MAX_NETWORKS} networks. Remove one first.`)
      }
      return { ...book, networks: [...book.networks, entry] }
    })
    return entry
  }

  /** The local ledger comes back when the one in use is removed. */
  async remove(key: string): Promise<void> {
    this.find(key)
    await this.#change(({ active, networks }) => ({
      active: active === key ? null : active,
      networks: networks.filter((network) => networkKey(network) !== key),
    }))
  }

  /** Null: the ledger of this computer. A ledger that is followed is chosen by its key, too; those are not in the list. */
  async choose(key: string | null): Promise<void> {
    if (key?.startsWith('rpc-') === true) this.find(key)
    await this.#change((book) => ({ ...book, active: key }))
  }

  /** One after another; memory follows the disk. */
  #change(change: (book: Book) => Book): Promise<void> {
    const done = this.#changing.then(async () => {
      const next = change(this.book)
      const networks = next.networks.map((network) => ({ ...network, chainId: network.chainId.toString() }))
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 })
      await writeBeside(this.path, JSON.stringify({ ...next, networks }, null, 2) + '\n', { mode: 0o600 })
      this.book = next
    })
    this.#changing = done.catch(() => undefined)
    return done
  }
}

function unreadable(path: string, cause: unknown): StudioError {
  return new StudioError(
    'networks-unreadable',
    `The list of networks in ${path} cannot be read. Restore it from a copy, or delete it and add the networks again.`,
    { cause },
  )
}
