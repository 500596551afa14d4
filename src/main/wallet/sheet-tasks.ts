import { randomInt } from 'node:crypto'
import { StudioError } from '@shared/errors'
import type { Address } from '@shared/money/address'
import { EXPORT_SENTENCE, type AccountInfo } from '@shared/wallet/account'
import { SheetInput, type SheetService, type SheetTask, type SheetView } from '@shared/wallet/sheet'
import type { CallHandlers } from '@shared/rpc/rpc'
import type { AccountStore, NewProtection } from './accounts/account-store'
import { passphraseOr, type KeyRing } from './accounts/key-ring'
import { newSecret, wordsOf } from './keystore/mnemonic'
import { readImport } from './keystore/read-import'
import type { WalletSecret } from './keystore/wallet-secret'
import type { PromptDesk } from './signing/prompt-desk'

export interface SheetParts {
  store: AccountStore
  ring: KeyRing
  prompts: PromptDesk
  deviceSecret: () => Promise<string>
  keptBy: () => string | null
  /** Something that the window shows has changed. */
  onChanged: () => void
  /** What the sheet shows has changed. */
  onView: () => void
  /** Main asks where; resolves with whether it was kept. */
  saveFile: (name: string, text: string) => Promise<boolean>
}

/** What is on the sheet: a task that the person has begun, else the signature in front. */
export class SheetTasks {
  #task: SheetTask | null = null
  /** Words that are being backed up, and the places that are asked. */
  #backup: { address: Address; words: string[]; ask: number[] } | null = null

  constructor(private readonly parts: SheetParts) {}

  get view(): SheetView {
    const { store, prompts, keptBy } = this.parts
    if (this.#task !== null) return { show: 'task', task: this.#task, account: store.active, keptBy: keptBy() }
    const { current } = prompts
    return current === null ? { show: 'nothing' } : { show: 'prompt', prompt: current, waiting: prompts.waiting - 1 }
  }

  /** @throws StudioError `no-account` for what needs one */
  begin(task: SheetTask): void {
    if (task !== 'create' && task !== 'import') this.#account()
    this.#task = task
    this.parts.onView()
  }

  /** The sheet is gone with everything on it. */
  abandon(): void {
    this.#end()
    this.parts.prompts.refuseAll()
  }

  /** The calls of the sheet, each with its input parsed. */
  handlers(): CallHandlers<SheetService> {
    const { store, ring, prompts } = this.parts
    return {
      view: () => this.view,
      turnTo: (raw) => {
        this.begin(SheetInput.turnTo.parse(raw))
        return undefined
      },
      create: async (raw) => {
        const { name, passphrase } = SheetInput.create.parse(raw)
        const info = await this.#keep(newSecret(), name, passphrase)
        return { address: info.address }
      },
      importAccount: async (raw) => {
        const input = SheetInput.importAccount.parse(raw)
        const secret = await readImport({
          text: input.text,
          filePassphrase: input.filePassphrase,
          mnemonicPassphrase: input.mnemonicPassphrase,
          ...(input.path === '' ? {} : { path: input.path }),
        })
        const info = await this.#keep(secret, input.name, input.passphrase)
        return { address: info.address }
      },
      unlock: async (raw) => {
        await ring.unlock(this.#account().address, SheetInput.unlock.parse(raw).passphrase)
        this.#end()
        return undefined
      },
      setPassphrase: async (raw) => {
        const { current, next } = SheetInput.setPassphrase.parse(raw)
        const account = this.#account()
        const before = await this.#passphrase(account, current)
        ring.lockAll()
        await store.setPassphrase(account.address, before, { protection: 'passphrase', passphrase: next })
        await ring.unlock(account.address, next)
        this.#end()
        return undefined
      },
      showWords: async (raw) => {
        const { passphrase } = SheetInput.showWords.parse(raw)
        const account = this.#account()
        const { mnemonic } = await store.secret(account.address, await this.#passphrase(account, passphrase))
        if (mnemonic === undefined) {
          throw new StudioError(
            'no-words',
            'This account was made from a key, so there are no words. Export it as a file.',
          )
        }
        const words = wordsOf(mnemonic.entropy)
        this.#backup = { address: account.address, words, ask: threePlaces(words.length) }
        return { words, ask: this.#backup.ask }
      },
      checkWords: async (raw) => {
        const typed = SheetInput.checkWords.parse(raw).words.map((word) => word.trim().toLowerCase())
        const backup = this.#backup
        if (backup === null) throw new StudioError('no-words', 'Look at the words first.')
        if (!backup.ask.every((place, at) => typed[at] === backup.words[place])) return false
        await store.markBackedUp(backup.address)
        this.#end()
        return true
      },
      exportFile: async (raw) => {
        const { passphrase, sentence, filePassphrase } = SheetInput.exportFile.parse(raw)
        const account = this.#account()
        checkSentence(sentence)
        const own = await this.#passphrase(account, passphrase)
        const text = await store.exportKeystore(account.address, own, filePassphrase)
        const saved = await this.parts.saveFile(`we-account-${account.address}.json`, text)
        if (saved) this.#end()
        return saved
      },
      exportKey: async (raw) => {
        const { passphrase, sentence } = SheetInput.exportKey.parse(raw)
        const account = this.#account()
        checkSentence(sentence)
        const { privateKey } = await store.secret(account.address, await this.#passphrase(account, passphrase))
        return { privateKey }
      },
      answer: async (raw) => {
        const { id, yes, allowWei, passphrase } = SheetInput.answer.parse(raw)
        const prompt = prompts.inFront(id)
        if (!yes) {
          prompts.refuse(id)
          return undefined
        }
        // A wrong passphrase leaves the request where it is.
        const { address } = prompt.account
        if (ring.isLocked(address)) await ring.unlock(address, passphraseOr(passphrase))
        const secret =
          prompt.kind === 'secret'
            ? { secret: await store.secret(address, await this.#passphrase(prompt.account, passphrase)) }
            : {}
        prompts.accept(id, { allowWei: prompt.room === null ? 0n : allowWei, ...secret })
        this.parts.onChanged()
        return undefined
      },
      dismiss: () => {
        if (this.#task !== null) this.#end()
        else prompts.dismiss()
        return undefined
      },
    }
  }

  async #keep(secret: WalletSecret, name: string, passphrase: string | null): Promise<AccountInfo> {
    const { store, ring } = this.parts
    const own: NewProtection =
      passphrase === null
        ? { protection: 'device', passphrase: await this.parts.deviceSecret() }
        : { protection: 'passphrase', passphrase }
    const info = await store.add(secret, name, own)
    ring.hold(info.address, secret.privateKey)
    this.#end()
    return info
  }

  #account(): AccountInfo {
    const { active } = this.parts.store
    if (active === null) throw new StudioError('no-account', 'There is no account yet. Make one first.')
    return active
  }

  async #passphrase(account: AccountInfo, given: string | null): Promise<string> {
    return account.protection === 'device' ? this.parts.deviceSecret() : passphraseOr(given)
  }

  #end(): void {
    this.#task = null
    this.#backup = null
    this.parts.onChanged()
    this.parts.onView()
  }
}

function checkSentence(sentence: string): void {
  if (sentence.trim() === EXPORT_SENTENCE) return
  throw new StudioError('sentence-wrong', `Type the sentence as it stands: ${EXPORT_SENTENCE}`)
}

function threePlaces(count: number): number[] {
  const places = new Set<number>()
  while (places.size < 3) places.add(randomInt(count))
  return [...places].sort((a, b) => a - b)
}
