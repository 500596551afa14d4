import { getAddress, type SigningKey } from 'ethers'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { formatWe } from '@shared/money/we-amount'
import type { Address } from '@shared/money/address'
import { detail, type SignDetail, type SignWords } from '@shared/wallet/sign-words'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import type { Movement } from '@shared/wallet/wallet-state'
import type { AccountStore } from '../accounts/account-store'
import type { KeyRing } from '../accounts/key-ring'
import { refusal } from '../policy/refusal'
import { MovementJournal } from './movement-journal'
import type { PromptDesk } from './prompt-desk'
import type { RoomBudgets } from './room-budgets'
import { checkForward, SpendingBook, type Reservation } from './spending-book'

/** A signature that has passed all rules of its kind and may be given, by a rule, a budget or a yes. */
export interface Signable {
  account: Address
  words: SignWords
  network: WalletNetwork | null
  /** Null: there is none, or what is signed does not belong to it. */
  room: { room: string; name: string } | null
  /** `rule`: never asked. `budget`: not inside the room's budget. `always`: whatever the budget says. */
  asks: 'rule' | 'budget' | 'always'
  /** What reaches the disk before the signature leaves. */
  reservation: Omit<Reservation, 'allow'>
  movement: Pick<Movement, 'kind' | 'title' | 'other' | 'otherName' | 'paysWei'>
}

interface AccountFiles {
  book: SpendingBook
  journal: MovementJournal
}

export interface SignerParts {
  folder: string
  store: AccountStore
  ring: KeyRing
  prompts: PromptDesk
  budgets: RoomBudgets
  onMoved: (movement: Movement) => void
  onChanged: () => void
  now: () => number
}

/** Gives signatures: asks where it must, counts before it signs, notes after it has signed. */
export class Signer {
  readonly #files = new Map<Address, Promise<AccountFiles>>()

  constructor(private readonly parts: SignerParts) {}

  /** Books and history of an account. @throws StudioError `spending-book-broken` */
  files(account: Address): Promise<AccountFiles> {
    const { address } = this.parts.store.account(account)
    const known = this.#files.get(address)
    if (known) return known
    const { folder, now } = this.parts
    const opening = Promise.all([
      SpendingBook.open(join(folder, 'spending', `${address}.json`), now),
      MovementJournal.open(join(folder, 'movements', `${address}.jsonl`)),
    ]).then(([book, journal]) => ({ book, journal }))
    this.#files.set(address, opening)
    opening.catch(() => this.#files.delete(address)) // tried again the next time
    return opening
  }

  /**
   * @param make the signature itself, with the hash of a transaction where it is one
   * @throws StudioError `sign-...`, `tab-backwards`, `passphrase-...`
   */
  async sign<T extends { signature: string } | { raw: string; hash: string }>(
    signable: Signable,
    make: (key: SigningKey) => T,
  ): Promise<T> {
    const { store, ring } = this.parts
    const info = store.account(signable.account)
    if (signable.network?.kind === 'rpc' && info.protection === 'device') {
      throw refusal(
        'sign-unprotected',
        `${info.name} has no passphrase of your own yet, and ${signable.network.name} has real value. Set one on the Wallet page first.`,
      )
    }
    const { book, journal } = await this.files(info.address)
    for (const { line, next } of signable.reservation.heads ?? []) checkForward(book.head(line), next)

    let key = ring.isLocked(info.address) ? null : await ring.key(info.address)
    const auto = key !== null && (await this.#byItself(book, signable))
    if (!auto) {
      await this.#ask(book, signable)
      key = await ring.key(info.address)
    }
    if (key === null) throw new StudioError('wallet-locked', 'The wallet has been locked meanwhile. Try again.')
    const made = make(key)
    const movement: Movement = {
      id: randomUUID(),
      account: info.address,
      at: this.parts.now(),
      ...signable.movement,
      chainId: signable.network?.chainId ?? null,
      hash: 'hash' in made ? made.hash : null,
      auto,
    }
    // The signature counts already: a history that cannot be written must not hold it back.
    await journal.add(movement).catch((error: unknown) => console.error(`movement not noted: ${String(error)}`))
    this.parts.onMoved(movement)
    this.parts.onChanged()
    return made
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled([...this.#files.values()])
    for (const each of all) if (each.status === 'fulfilled') await each.value.journal.close()
  }

  /** True when a rule or the budget covers it; it is counted on the disk then. */
  async #byItself(book: SpendingBook, { asks, reservation }: Signable): Promise<boolean> {
    if (asks === 'always') return false
    if (asks === 'rule') {
      await book.reserve(reservation)
      return true
    }
    const { spending } = reservation
    if (spending === undefined) return false
    try {
      await book.reserve({ ...reservation, allow: (sums) => this.parts.budgets.check(spending, sums) })
      return true
    } catch (error) {
      if (error instanceof StudioError && error.code === 'over-budget') return false
      throw error
    }
  }

  async #ask(book: SpendingBook, { account, words, network, room, asks, reservation }: Signable): Promise<void> {
    const { prompts, budgets, store, ring } = this.parts
    const leftWei = budgets.list(book).find((budget) => budget.room === room?.room)?.leftWei ?? 0n
    const left = room === null ? [] : [detail('Left today in this room without asking', `${formatWe(leftWei)} WE`)]
    const { allowWei } = await prompts.ask({
      kind: 'signature',
      account: store.account(account),
      words: { ...words, details: [...words.details, ...left].map(checksummed) },
      network: network === null ? null : { name: network.name, testValue: network.kind === 'local' },
      room: room === null || asks === 'always' ? null : { name: room.name, leftWei },
      needsPassphrase: ring.isLocked(account),
    })
    // What was agreed to is shown, so it uses up no budget; the line may have moved on meanwhile, which this notices.
    await book.reserve(reservation.heads === undefined ? {} : { heads: reservation.heads })
    if (room !== null && allowWei > 0n) budgets.allow(room.room, allowWei)
  }
}

/** Contracts and people as checksummed addresses; the sheet is for reading. */
function checksummed(line: SignDetail): SignDetail {
  return line.address === null ? line : { ...line, address: getAddress(line.address) }
}
