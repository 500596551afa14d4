import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import type { Eip1193Call } from '@shared/ledger/eip-1193'
import { LedgerHeadHint, MAX_HOPS, readCbor, writeCbor } from '@shared/ledger/ledger-request'
import { encodeGenesis } from '@shared/ledger/genesis'
import { MAX_GENESIS_BYTES, type AdmissionLimits } from '@shared/ledger/ledger-limits'
import type { LedgerRefusal, LedgerStatus } from '@shared/ledger/ledger-status'
import { AuthorityRounds } from './authority-rounds'
import { EmbeddedLedger } from './embedded-ledger'
import { loadHostKey } from './host-key'
import { keccak256 } from './keccak'
import { answerLedgerRequest, type AskedLedger } from './ledger-answers'
import { LedgerFollower, type Exchange } from './ledger-follower'
import { LedgerRpc } from './ledger-rpc'
import { openLedger } from './open-ledger'
import { RpcError } from './rpc-error'
import { hex } from './rpc-params'

/** Followed ledgers that are open at once, and that are kept on disk; the longest unused goes first. */
const MAX_OPEN = 8
const MAX_KEPT = 32
/** How long a peer's transaction may take into a block before the peer is answered. */
const SETTLE_MS = 1_000

export interface LocalLedgersOptions {
  /** Folder of all ledgers of this profile. */
  dir: string
  clock?: () => number
  admission?: Partial<AdmissionLimits>
  onChanged?: (status: LedgerStatus) => void
  onRefused?: (ledger: string, refusal: LedgerRefusal) => void
  log?: (line: string) => void
}

interface Held extends AskedLedger {
  id: string
  role: 'host' | 'follower'
  rpc: LedgerRpc
  follower: LedgerFollower | null
  close: () => Promise<void>
}

/** The ledgers of one profile: its own, which it hosts, and those of others, which it follows. One folder each. */
export class LocalLedgers {
  readonly #held = new Map<string, Held>()
  readonly #opening = new Map<string, Promise<Held>>()
  /** Begun here, perhaps not on disk yet. */
  readonly #founded = new Map<string, Uint8Array>()
  #home: Promise<Held> | null = null
  #exchange: Exchange | null = null
  #closed = false

  constructor(private readonly options: LocalLedgersOptions) {}

  /** The line to the network; a later one replaces it, e.g. after a restart of the peer engine. */
  connect(exchange: Exchange): void {
    this.#exchange = exchange
    const current = (): boolean => this.#exchange === exchange
    exchange.on('head', ({ ledger, head }) => {
      if (current()) this.#hint(ledger, head)
    })
    exchange.on('restarted', () => {
      if (current()) for (const held of this.#held.values()) this.#share(held)
    })
    exchange.on('asked', ({ id, request }) => {
      answerLedgerRequest(request, (ledger) => this.#held.get(ledger))
        .catch(() => null)
        .then((frames) => exchange.call('answer', { id, frames }))
        .catch(() => undefined)
    })
    for (const held of this.#held.values()) this.#share(held)
  }

  /** The ledger of this profile, made at first need. */
  home(): Promise<LedgerStatus> {
    return this.#openHome().then((held) => this.#status(held))
  }

  /**
   * Follows the ledger with this genesis hash; `peers` are peer ids that have it. Resolves when its blocks are here.
   * Throws StudioError `ledger-unreachable` when nobody gives its genesis.
   */
  async follow(id: string, peers: readonly string[] = []): Promise<LedgerStatus> {
    if (!/^[0-9a-f]{64}$/.test(id)) throw new StudioError('bad-ledger-address', 'This is no address of a ledger.')
    const held = this.#held.get(id) ?? (await this.#openFollowed(id, peers))
    await held.follower?.sync()
    return this.#status(held)
  }

  async unfollow(id: string): Promise<void> {
    const held = this.#held.get(id)
    if (held?.role !== 'follower') return
    this.#held.delete(id)
    await this.#exchange?.call('leave', id).catch(() => undefined)
    await held.close()
  }

  /** Address of this profile's key, for a ledger of several authorities. */
  async authorityAddress(): Promise<string> {
    return hex((await loadHostKey(await this.#homeDir())).address)
  }

  /** Begins a ledger whose blocks need more than half of these keys. The others follow it and take part by themselves. */
  async found(name: string, authorities: readonly string[]): Promise<LedgerStatus> {
    const genesis = encodeGenesis({
      ...{ v: 1, name, t: Math.floor((this.options.clock ?? Date.now)() / 1000) },
      authorities: authorities.map((one) => new Uint8Array(Buffer.from(one.slice(2), 'hex'))),
      calls: (await import('./local-genesis')).localGenesisCalls(),
    })
    const id = hex(keccak256(genesis)).slice(2)
    this.#founded.set(id, genesis)
    return this.follow(id)
  }

  /** EIP-1193 on the own ledger ("home") or a followed one. Throws RpcError, or StudioError `ledger-unknown`. */
  async request(id: string, request: Eip1193Call): Promise<unknown> {
    const held = id === 'home' ? await this.#openHome() : this.#held.get(id)
    if (held === undefined) throw new StudioError('ledger-unknown', 'This ledger is not open here.')
    return held.rpc.request(request)
  }

  /** Those that are open. */
  list(): Promise<LedgerStatus[]> {
    return Promise.all([...this.#held.values()].map((held) => this.#status(held)))
  }

  /** Genesis hashes of followed ledgers on disk, open or not; the last used first. */
  async keptIds(): Promise<string[]> {
    const { dir } = this.options
    const names = (await readdir(dir).catch(() => [])).filter((name) => /^[0-9a-f]{64}$/.test(name))
    const kept = await Promise.all(names.map(async (name) => ({ name, used: (await stat(join(dir, name))).mtimeMs })))
    return kept.sort((a, b) => b.used - a.used).map(({ name }) => name)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled([this.#home, ...this.#opening.values()])
    await Promise.all([...this.#held.values()].map((held) => held.close()))
    this.#held.clear()
  }

  #openHome(): Promise<Held> {
    if (this.#closed) return Promise.reject(new StudioError('engine-gone', 'The ledger is closing.'))
    if (this.#home !== null) return this.#home
    const opening = this.#makeHome()
    this.#home = opening
    opening.catch(() => (this.#home = null))
    return opening
  }

  async #makeHome(): Promise<Held> {
    const { dir, clock, admission } = this.options
    const opened = await openLedger({
      dir: join(dir, 'home'),
      ...(clock === undefined ? {} : { clock }),
      ...(admission === undefined ? {} : { admission }),
    })
    const { ledger } = opened
    const held: Held = {
      id: hex(ledger.genesisHash).slice(2),
      role: 'host',
      ledger,
      rpc: new LedgerRpc(ledger),
      follower: null,
      submit: async (raw) => {
        const hash = await ledger.submit(raw)
        const refusal = await ledger.settled(hash, SETTLE_MS)
        if (refusal !== null) throw new RpcError(-32_000, refusal)
        return hash
      },
      close: () => opened.close(),
    }
    this.#keep(held)
    return held
  }

  #openFollowed(id: string, peers: readonly string[]): Promise<Held> {
    if (this.#closed) return Promise.reject(new StudioError('engine-gone', 'The ledger is closing.'))
    const known = this.#opening.get(id)
    if (known !== undefined) return known
    const opening = this.#makeFollowed(id, peers).finally(() => this.#opening.delete(id))
    this.#opening.set(id, opening)
    return opening
  }

  async #makeFollowed(id: string, peers: readonly string[]): Promise<Held> {
    await this.#makeRoom(id)
    const dir = join(this.options.dir, id)
    const folder = join(dir, 'blocks')
    const { clock } = this.options
    const { admission } = this.options
    const key = await loadHostKey(await this.#homeDir())
    const options = {
      ...{ folder, key },
      ...(clock === undefined ? {} : { clock }),
      ...(admission === undefined ? {} : { admission }),
    }
    let ledger: EmbeddedLedger
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      ledger = await EmbeddedLedger.open(options)
    } catch (error) {
      if (!(error instanceof StudioError && error.code === 'ledger-new')) throw error
      const genesis = this.#founded.get(id) ?? (await this.#genesisOf(id, peers))
      ledger = await EmbeddedLedger.open({ ...options, genesis })
    }
    const follower = new LedgerFollower(ledger, id, () => this.#exchange, peers, {
      onRefused: (refusal) => this.options.onRefused?.(id, refusal),
    })
    const rounds = ledger.isAuthority
      ? new AuthorityRounds(
          ledger,
          () => this.#exchange,
          () => follower.peers(),
          (line) => this.options.log?.(line),
        )
      : null
    const submit = async (raw: Uint8Array, hops: number): Promise<string> => {
      if (rounds !== null) return this.#submitToAll(ledger, follower, raw, hops)
      if (hops === 0) throw new RpcError(-32_000, 'This peer makes no blocks of this ledger.')
      return follower.submit(raw, hops - 1)
    }
    const held: Held = {
      id,
      role: 'follower',
      ledger,
      rpc: new LedgerRpc(ledger, (raw) => (rounds === null ? follower.submit(raw) : submit(raw, MAX_HOPS))),
      follower,
      submit,
      close: async () => {
        await rounds?.stop()
        await follower.stop()
        await ledger.close()
      },
    }
    this.#keep(held)
    return held
  }

  #keep(held: Held): void {
    this.#held.set(held.id, held)
    held.ledger.onBlock(({ height, hash }) => {
      void this.#status(held).then((status) => this.options.onChanged?.(status))
      this.#exchange?.call('announce', { ledger: held.id, head: writeCbor({ n: height, hash }) }).catch(() => undefined)
    })
    this.#share(held)
  }

  #share(held: Held): void {
    this.#exchange?.call('join', held.id).then(
      () => held.follower?.sync(),
      () => undefined,
    )
  }

  #hint(id: string, encoded: Uint8Array): void {
    const held = this.#held.get(id)
    if (held?.follower == null) return
    try {
      if (readCbor(LedgerHeadHint, encoded).n > held.ledger.head.height) void held.follower.sync()
    } catch {
      // no head
    }
  }

  /** From whoever has it; the hash tells whether it is the right one. */
  async #genesisOf(id: string, peers: readonly string[]): Promise<Uint8Array> {
    const exchange = this.#exchange
    if (exchange !== null) {
      await exchange.call('join', id)
      const joined = await exchange.call('peers', id)
      const request = writeCbor({ q: 'genesis', l: new Uint8Array(Buffer.from(id, 'hex')) })
      for (const peer of new Set([...peers, ...joined])) {
        try {
          const [genesis] = await exchange.call('ask', { peer, request, maxFrames: 1, maxBytes: MAX_GENESIS_BYTES })
          if (genesis !== undefined && hex(keccak256(genesis)).slice(2) === id) return genesis
          await exchange.call('bar', { peer, reason: 'another genesis than it was asked for' })
        } catch {
          // the next one
        }
      }
    }
    throw new StudioError(
      'ledger-unreachable',
      'Nobody who has this ledger can be reached right now. Check that its host is online and try again.',
    )
  }

  async #homeDir(): Promise<string> {
    const home = join(this.options.dir, 'home')
    await mkdir(home, { recursive: true, mode: 0o700 })
    return home
  }

  /** Of several authorities each must have it, since the next block may be any one's; one that had it passes it on no more. */
  async #submitToAll(ledger: EmbeddedLedger, follower: LedgerFollower, raw: Uint8Array, hops: number): Promise<string> {
    const known = hex(keccak256(raw))
    const isNew = ledger.queued(known) === undefined
    const hash = await ledger.submit(raw)
    if (isNew && hops > 0) void follower.passOn(raw, hops - 1)
    return hash
  }

  /** Closes and removes what was not used for longest, beyond the limits. Another copy can be had from its peers. */
  async #makeRoom(id: string): Promise<void> {
    const followed = [...this.#held.values()].filter(({ role }) => role === 'follower')
    for (const held of followed.slice(0, Math.max(0, followed.length - MAX_OPEN + 1))) await this.unfollow(held.id)
    const { dir } = this.options
    const kept = (await this.keptIds()).filter((name) => name !== id)
    for (const name of kept.slice(MAX_KEPT - 1)) {
      if (!this.#held.has(name)) await rm(join(dir, name), { recursive: true, force: true })
    }
    const now = new Date()
    await utimes(join(dir, id), now, now).catch(() => undefined)
  }

  async #status({ id, role, ledger, follower }: Held): Promise<LedgerStatus> {
    const peers = await this.#exchange?.call('peers', id).catch(() => [])
    return {
      id,
      name: ledger.genesis.name,
      chainId: ledger.chainId,
      role,
      height: ledger.head.height,
      time: ledger.head.header.t,
      peers: peers?.length ?? 0,
      waiting: ledger.waiting,
      contracts: Object.fromEntries(ledger.contracts),
      refusals: follower?.refusals.slice() ?? [],
      problem: follower?.problem ?? ledger.problem,
    }
  }
}
