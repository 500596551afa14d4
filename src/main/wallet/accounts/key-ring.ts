import { SigningKey } from 'ethers'
import { StudioError } from '@shared/errors'
import type { LockMinutes } from '@shared/wallet/account'
import type { AccountStore } from './account-store'

interface OpenKey {
  key: SigningKey
  timer: NodeJS.Timeout | null
}

/**
 * The accounts that are open now, each until nobody has used it for a while. JavaScript cannot wipe memory: locking
 * drops what can be reached, and the process holds nothing else.
 */
export class KeyRing {
  readonly #open = new Map<string, OpenKey>()
  readonly #opening = new Map<string, Promise<SigningKey>>()

  constructor(
    private readonly store: AccountStore,
    /** The device's secret, for accounts that have no passphrase of their own. */
    private readonly deviceSecret: () => Promise<string>,
    private readonly onLocked: () => void,
  ) {}

  /** Whether a passphrase is needed before this account signs. */
  isLocked(address: string): boolean {
    return this.store.account(address).protection === 'passphrase' && !this.#open.has(address)
  }

  /** The account's key; null while it is locked. Counts as a use. */
  async key(address: string): Promise<SigningKey | null> {
    const found = this.#open.get(address)
    if (found) {
      this.#rest(address, found)
      return found.key
    }
    if (this.isLocked(address)) return null
    return this.#openWith(address, await this.deviceSecret())
  }

  /** @throws StudioError `passphrase-wrong` */
  async unlock(address: string, passphrase: string): Promise<SigningKey> {
    return this.#openWith(address, passphrase)
  }

  /** Opens an account whose key is at hand: it has just been made. */
  hold(address: string, privateKey: string): void {
    const open: OpenKey = this.#open.get(address) ?? { key: new SigningKey(privateKey), timer: null }
    this.#open.set(address, open)
    this.#rest(address, open)
  }

  lockAll(): void {
    for (const { timer } of this.#open.values()) if (timer !== null) clearTimeout(timer)
    const wasOpen = this.#open.size > 0
    this.#open.clear()
    if (wasOpen) this.onLocked()
  }

  /** The time until it locks has been changed. */
  restartTimers(): void {
    for (const [address, open] of this.#open) this.#rest(address, open)
  }

  /** Two that ask at once wait for one scrypt. */
  #openWith(address: string, passphrase: string): Promise<SigningKey> {
    const id = `${address} ${passphrase}`
    const opening =
      this.#opening.get(id) ??
      this.store.secret(address, passphrase).then(({ privateKey }) => {
        this.hold(address, privateKey)
        return this.#open.get(address)!.key
      })
    this.#opening.set(id, opening)
    return opening.finally(() => this.#opening.delete(id))
  }

  #rest(address: string, open: OpenKey): void {
    if (open.timer !== null) clearTimeout(open.timer)
    const minutes: LockMinutes = this.store.lockMinutes
    const isDevice = this.store.account(address).protection === 'device'
    if (minutes === 0 || isDevice) {
      open.timer = null
      return
    }
    open.timer = setTimeout(() => {
      this.#open.delete(address)
      this.onLocked()
    }, minutes * 60_000)
    open.timer.unref()
  }
}

/** What a passphrase is asked for when the account has none of its own. */
export function passphraseOr(given: string | null): string {
  if (given === null || given === '') throw new StudioError('passphrase-needed', 'Enter your passphrase.')
  return given
}
