import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { Address } from '@shared/money/address'
import {
  AccountInfo,
  AccountName,
  LockMinutes,
  MAX_PASSPHRASE,
  MIN_PASSPHRASE,
  type Protection,
} from '@shared/wallet/account'
import { writeBeside } from '../../platform/write-beside'
import { addressOf, decryptKeystore, encryptKeystore, EXPORT_N } from '../keystore/keystore-v3'
import type { WalletSecret } from '../keystore/wallet-secret'

const MAX_ACCOUNTS = 100

/** What is known of the accounts without opening them. Their keystores are the truth; this can be made anew from them. */
const WalletFile = z.object({
  v: z.literal(1),
  active: Address.nullable(),
  lockMinutes: LockMinutes,
  accounts: z.array(AccountInfo).max(MAX_ACCOUNTS),
})
type WalletFile = z.infer<typeof WalletFile>

/** How a new account is kept: under the person's passphrase, or under the device's secret. */
export interface NewProtection {
  protection: Protection
  passphrase: string
}

/**
 * The accounts of a profile: one keystore V3 each (`accounts/0x....json`, mode 0600) and a list (`wallet.json`). A file
 * that is there is only ever replaced by one that was opened again first.
 */
export class AccountStore {
  #file: WalletFile
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly folder: string,
    file: WalletFile,
  ) {
    this.#file = file
  }

  /** @param folder made when it is missing */
  static async open(folder: string): Promise<AccountStore> {
    await mkdir(join(folder, 'accounts'), { recursive: true, mode: 0o700 })
    const known = await readWalletFile(join(folder, 'wallet.json'))
    const files = await readdir(join(folder, 'accounts'))
    const present = files.flatMap((name) => /^(0x[0-9a-f]{40})\.json$/.exec(name)?.[1] ?? [])
    const accounts = known.accounts.filter(({ address }) => present.includes(address))
    for (const address of present) {
      if (accounts.some((account) => account.address === address)) continue
      const text = await readFile(join(folder, 'accounts', `${address}.json`), 'utf8')
      accounts.push({
        address,
        name: `Account ${address.slice(2, 6)}`,
        createdAt: 0,
        protection: 'passphrase',
        hasWords: text.includes('"x-ethers"'),
        backedUp: false,
      })
    }
    const active = accounts.some(({ address }) => address === known.active) ? known.active : null
    return new AccountStore(folder, { ...known, accounts, active: active ?? accounts[0]?.address ?? null })
  }

  get accounts(): readonly AccountInfo[] {
    return this.#file.accounts
  }

  get active(): AccountInfo | null {
    return this.#file.accounts.find(({ address }) => address === this.#file.active) ?? null
  }

  get lockMinutes(): LockMinutes {
    return this.#file.lockMinutes
  }

  /** @throws StudioError `no-account` */
  account(address: string): AccountInfo {
    const found = this.#file.accounts.find((account) => account.address === address.toLowerCase())
    if (!found) throw new StudioError('no-account', 'There is no account with this address here.')
    return found
  }

  /**
   * Encrypts the account and keeps it, as the active one.
   * @throws StudioError `account-exists`, `passphrase-short`, `too-many-accounts`, `wallet-not-written`
   */
  async add(secret: WalletSecret, name: string, { protection, passphrase }: NewProtection): Promise<AccountInfo> {
    const address = addressOf(secret)
    if (this.#file.accounts.some((account) => account.address === address)) {
      throw new StudioError('account-exists', `This account is here already: ${this.account(address).name}.`)
    }
    if (this.#file.accounts.length >= MAX_ACCOUNTS) {
      throw new StudioError('too-many-accounts', `There can be ${MAX_ACCOUNTS} accounts in one profile.`)
    }
    checkPassphrase(passphrase)
    const info: AccountInfo = {
      address,
      name: cleanName(name),
      createdAt: Date.now(),
      protection,
      hasWords: secret.mnemonic !== undefined,
      backedUp: false,
    }
    await writeOwn(this.#keyPath(address), await encryptKeystore(secret, passphrase), { onlyIfNew: true })
    await this.#set((file) => ({ ...file, active: address, accounts: [...file.accounts, info] }))
    return info
  }

  /** @throws StudioError `no-account`, `passphrase-wrong`, `keystore-broken` */
  async secret(address: string, passphrase: string): Promise<WalletSecret> {
    const info = this.account(address)
    const secret = await decryptKeystore(await this.#keyText(info.address), passphrase)
    if (addressOf(secret) !== info.address) throw new StudioError('keystore-broken', 'The file holds another account.')
    return secret
  }

  /** Puts the account under another passphrase. The old file is replaced when the new one has been opened. */
  async setPassphrase(address: string, current: string, next: NewProtection): Promise<AccountInfo> {
    checkPassphrase(next.passphrase)
    const secret = await this.secret(address, current)
    const text = await encryptKeystore(secret, next.passphrase)
    if ((await decryptKeystore(text, next.passphrase)).privateKey !== secret.privateKey) {
      throw new StudioError('wallet-not-written', 'The new file could not be checked. The passphrase is as it was.')
    }
    await writeOwn(this.#keyPath(this.account(address).address), text)
    return this.#change(address, { protection: next.protection })
  }

  /** A keystore V3 under `passphrase` for another wallet, at twice the cost of the one here. */
  async exportKeystore(address: string, current: string, passphrase: string): Promise<string> {
    checkPassphrase(passphrase)
    return encryptKeystore(await this.secret(address, current), passphrase, { n: EXPORT_N })
  }

  rename(address: string, name: string): Promise<AccountInfo> {
    return this.#change(address, { name: cleanName(name) })
  }

  markBackedUp(address: string): Promise<AccountInfo> {
    return this.#change(address, { backedUp: true })
  }

  async select(address: string): Promise<void> {
    const { address: active } = this.account(address)
    await this.#set((file) => ({ ...file, active }))
  }

  async setLockMinutes(lockMinutes: LockMinutes): Promise<void> {
    await this.#set((file) => ({ ...file, lockMinutes }))
  }

  async #change(address: string, change: Partial<AccountInfo>): Promise<AccountInfo> {
    const info = { ...this.account(address), ...change }
    await this.#set((file) => ({
      ...file,
      accounts: file.accounts.map((account) => (account.address === info.address ? info : account)),
    }))
    return info
  }

  #set(change: (file: WalletFile) => WalletFile): Promise<void> {
    const write = this.#writing.then(async () => {
      const file = change(this.#file)
      await writeOwn(join(this.folder, 'wallet.json'), `${JSON.stringify(file, null, 2)}\n`)
      this.#file = file
    })
    this.#writing = write.catch(() => undefined)
    return write
  }

  #keyPath(address: string): string {
    return join(this.folder, 'accounts', `${address}.json`)
  }

  async #keyText(address: string): Promise<string> {
    try {
      return await readFile(this.#keyPath(address), 'utf8')
    } catch (error) {
      throw new StudioError(
        'keystore-unreadable',
        `The account's file ${this.#keyPath(address)} cannot be read. Check the permissions of the folder.`,
        { cause: error },
      )
    }
  }
}

async function readWalletFile(path: string): Promise<WalletFile> {
  const empty: WalletFile = { v: 1, active: null, lockMinutes: 15, accounts: [] }
  try {
    return WalletFile.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return empty // names are lost, accounts are not: see `open`
  }
}

async function writeOwn(path: string, text: string, { onlyIfNew = false } = {}): Promise<void> {
  try {
    await writeBeside(path, text, { mode: 0o600, onlyIfNew })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new StudioError('account-exists', 'This account is here already.')
    throw new StudioError(
      'wallet-not-written',
      `The account could not be saved (${code ?? 'unknown error'}). Check that the disk is not full and try again.`,
    )
  }
}

function checkPassphrase(passphrase: string): void {
  const { length } = Array.from(passphrase)
  if (length < MIN_PASSPHRASE || length > MAX_PASSPHRASE) {
    throw new StudioError(
      'passphrase-short',
      `A passphrase has ${MIN_PASSPHRASE} to ${MAX_PASSPHRASE} characters; a few words are easiest to keep.`,
    )
  }
}

function cleanName(name: string): string {
  const parsed = AccountName.safeParse(name)
  if (!parsed.success) throw new StudioError('name-wrong', 'A name has 1 to 40 characters.')
  return parsed.data
}
