import type { Interface } from 'ethers/abi'
import type { CatalogueGift, LedgerView, PayerDeposit } from '@shared/gifts/ledger-view'
import { STANDARD_GIFTS } from '@shared/gifts/standard-gifts'
import { lineOf, type Tab } from '@shared/gifts/tab'
import { tabDomain } from '@shared/gifts/gift-terms'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { Address, Bytes32 } from '@shared/money/address'
import type { ContractDomain } from '@shared/wallet/typed-data'
import { BANK_ABI, CATALOG_ABI, FAUCET_ABI, MARKET_ABI, TOKEN_ABI } from './gift-abi'

/** Where the contracts of a ledger are. */
export interface GiftContracts {
  token: Address
  bank: Address
  catalog: Address
  market: Address
  /** Local ledgers only. */
  faucet: Address | null
}

/** How long an answer about money may be used again, milliseconds. */
const FRESH_MS = 2_000
const MAX_CACHED = 5_000
/** Gifts of a catalogue that are shown; the newest. */
const MAX_GIFTS = 200
const LOG_BLOCKS = 1_000
/** A million blocks: weeks of a quick chain. */
const MAX_LOG_READS = 1_000

interface Cached<T> {
  at: number
  value: Promise<T>
}

/** What the gifts read from a ledger, embedded, followed or real, by EIP-1193. */
export class GiftLedger implements LedgerView {
  readonly domain: ContractDomain
  readonly #deposits = new Map<string, Cached<PayerDeposit>>()
  readonly #paid = new Map<string, Cached<bigint>>()
  readonly #gifts = new Map<number, CatalogueGift>()
  #catalogue: Cached<CatalogueGift[]> | null = null

  constructor(
    private readonly provider: Eip1193,
    readonly contracts: GiftContracts,
    chainId: number,
    /** The block before which the catalogue did not exist. */
    private readonly firstBlock = 0,
  ) {
    this.domain = tabDomain({ chainId, bank: contracts.bank })
  }

  deposit(payer: Address): Promise<PayerDeposit> {
    return fresh(this.#deposits, payer, async () => {
      const [balanceWei, , exitAt] = (await this.#call(this.contracts.bank, BANK_ABI, 'accountOf', [payer])) as bigint[]
      return { balanceWei: balanceWei!, exitAt: exitAt === 0n ? null : Number(exitAt) }
    })
  }

  paid(line: Omit<Tab, 'total' | 'count' | 'chain'>): Promise<bigint> {
    const { payer, creator, sharer, sharerBps } = line
    return fresh(this.#paid, lineOf(line), async () => {
      const args = [payer, creator, sharer, sharerBps]
      return (await this.#call(this.contracts.bank, BANK_ABI, 'paidOf', args))[0] as bigint
    })
  }

  /** Money has moved: what is kept of it is asked anew. */
  forget(): void {
    this.#deposits.clear()
    this.#paid.clear()
    this.#catalogue = null
  }

  async gift(id: number): Promise<CatalogueGift | null> {
    const known = this.#gifts.get(id) ?? (await this.catalogue()).find((gift) => gift.id === id)
    return known === undefined || known.retired ? null : known
  }

  /** All gifts that can be given, by number; asked at most every 2 s. */
  catalogue(): Promise<CatalogueGift[]> {
    const now = performance.now()
    if (this.#catalogue !== null && now - this.#catalogue.at < FRESH_MS) return this.#catalogue.value
    const value = this.#readCatalogue()
    this.#catalogue = { at: now, value }
    value.catch(() => (this.#catalogue = null))
    return value
  }

  /** WE that an account has outside of the bank. */
  async balance(account: Address): Promise<bigint> {
    return (await this.#call(this.contracts.token, TOKEN_ABI, 'balanceOf', [account]))[0] as bigint
  }

  /** What an account has earned and not yet taken out of the bank. */
  async earned(account: Address): Promise<bigint> {
    return (await this.#call(this.contracts.bank, BANK_ABI, 'owed', [account]))[0] as bigint
  }

  /** In 1/10,000. */
  async feeBps(): Promise<number> {
    return Number((await this.#call(this.contracts.bank, BANK_ABI, 'feeBps', []))[0])
  }

  /** What defining a gift costs. */
  async defineFee(): Promise<bigint> {
    return (await this.#call(this.contracts.catalog, CATALOG_ABI, 'defineFee', []))[0] as bigint
  }

  /** Minutes that an account has bought and not used. */
  async packets(account: Address): Promise<number> {
    return Number((await this.#call(this.contracts.market, MARKET_ABI, 'packetsOf', [account]))[0])
  }

  /** Minutes that were burnt for a live of this account. */
  async burntFor(account: Address, contentId: Bytes32): Promise<number> {
    return Number((await this.#call(this.contracts.market, MARKET_ABI, 'livePackets', [account, contentId]))[0])
  }

  async packetPrice(): Promise<bigint> {
    return (await this.#call(this.contracts.market, MARKET_ABI, 'packetPrice', []))[0] as bigint
  }

  async hasClaimed(account: Address): Promise<boolean> {
    const { faucet } = this.contracts
    return faucet === null || ((await this.#call(faucet, FAUCET_ABI, 'hasClaimed', [account]))[0] as boolean)
  }

  async #readCatalogue(): Promise<CatalogueGift[]> {
    const { catalog } = this.contracts
    const last = Number((await this.#call(catalog, CATALOG_ABI, 'lastId', []))[0])
    const first = Math.max(1, last - MAX_GIFTS + 1)
    const ids = Array.from({ length: last - first + 1 }, (_, at) => first + at)
    await this.#readDefinitions(ids.filter((id) => !this.#gifts.has(id) && id > STANDARD_GIFTS.length))
    await Promise.all(
      ids.map(async (id) => {
        const [priceWei, designer, designerBps, retired] = await this.#call(catalog, CATALOG_ABI, 'giftOf', [id])
        const words = this.#gifts.get(id) ?? { name: standardName(id), mediaCid: '' }
        this.#gifts.set(id, {
          ...{ id, priceWei: priceWei as bigint, designer: (designer as string).toLowerCase() },
          ...{ designerBps: Number(designerBps), retired: retired as boolean },
          ...{ name: words.name, mediaCid: words.mediaCid },
        })
      }),
    )
    return ids.map((id) => this.#gifts.get(id)!).filter(({ retired }) => !retired)
  }

  /**
   * Names and pictures are in the log only: it is read backwards until all of these are found. On a long chain that may
   * never be; after `MAX_LOG_READS` the rest go by their numbers.
   */
  async #readDefinitions(wanted: readonly number[]): Promise<void> {
    const missing = new Set(wanted)
    if (missing.size === 0) return
    const event = CATALOG_ABI.getEvent('GiftDefined')!
    let to = Number(await this.provider.request({ method: 'eth_blockNumber', params: [] }))
    for (let reads = 0; to >= this.firstBlock && missing.size > 0 && reads < MAX_LOG_READS; reads += 1) {
      const fromBlock = `0x${Math.max(this.firstBlock, to - LOG_BLOCKS + 1).toString(16)}`
      const filter = {
        address: this.contracts.catalog,
        topics: [event.topicHash],
        fromBlock,
        toBlock: `0x${to.toString(16)}`,
      }
      const logs = (await this.provider.request({ method: 'eth_getLogs', params: [filter] })) as {
        topics: string[]
        data: string
      }[]
      for (const { topics, data } of logs) {
        const { id, designer, designerBps, price, mediaCid, text } = CATALOG_ABI.decodeEventLog(event, data, topics)
        missing.delete(Number(id))
        this.#gifts.set(Number(id), {
          ...{ id: Number(id), priceWei: price as bigint, designer: (designer as string).toLowerCase() },
          ...{ designerBps: Number(designerBps), mediaCid: mediaCid as string, retired: false },
          name: cleanWords(text as string) || `Gift ${Number(id)}`,
        })
      }
      to -= LOG_BLOCKS
    }
  }

  async #call(to: Address, abi: Interface, name: string, args: readonly unknown[]): Promise<readonly unknown[]> {
    const call = { to, data: abi.encodeFunctionData(name, args) }
    const answer = await this.provider.request({ method: 'eth_call', params: [call, 'latest'] })
    return abi.decodeFunctionResult(name, answer as string)
  }
}

/** The genesis of a local ledger has no log; its gifts are those that we draw. */
function standardName(id: number): string {
  return STANDARD_GIFTS.find((gift) => gift.id === id)?.name ?? `Gift ${id}`
}

/** Words of strangers: no control characters, no direction marks. */
function cleanWords(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '').trim()
}

function fresh<T>(cache: Map<string, Cached<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const now = performance.now()
  const known = cache.get(key)
  if (known !== undefined && now - known.at < FRESH_MS) return known.value
  const value = ask()
  cache.delete(key)
  cache.set(key, { at: now, value })
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value!)
  value.catch(() => cache.delete(key))
  return value
}
