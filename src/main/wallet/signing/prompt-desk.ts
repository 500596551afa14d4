import { randomUUID } from 'node:crypto'
import { StudioError } from '@shared/errors'
import type { SignPrompt } from '@shared/wallet/sheet'
import type { WalletSecret } from '../keystore/wallet-secret'
import { refusal } from '../policy/refusal'

const MAX_WAITING = 8
const EXPIRES_MS = 5 * 60_000

/** The person's yes. */
export interface Consent {
  allowWei: bigint
  /** What the account is made of, for a prompt of the kind `secret`. */
  secret?: WalletSecret
}

interface Waiting {
  prompt: SignPrompt
  yes: (consent: Consent) => void
  no: (reason: StudioError) => void
  timer: NodeJS.Timeout
}

/** Signatures that wait for an answer, one in front. An answer counts once, for its own request, and not for ever. */
export class PromptDesk {
  readonly #waiting: Waiting[] = []

  constructor(private readonly onChange: () => void) {}

  get current(): SignPrompt | null {
    return this.#waiting[0]?.prompt ?? null
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Resolves with the yes. @throws StudioError `sign-refused`, `sign-expired`, `sign-too-many` */
  ask(prompt: Omit<SignPrompt, 'id'>): Promise<Consent> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw refusal('sign-too-many', 'too many requests wait for an answer already.')
    }
    return new Promise((yes, no) => {
      const id = randomUUID()
      const timer = setTimeout(() => this.#take(id)?.no(expired()), EXPIRES_MS)
      timer.unref()
      this.#waiting.push({ prompt: { ...prompt, id }, yes, no, timer })
      this.onChange()
    })
  }

  /** The request in front, if the id is its own. @throws StudioError `no-such-prompt` for any other */
  inFront(id: string): SignPrompt {
    const { current } = this
    if (current?.id !== id) throw new StudioError('no-such-prompt', 'This request has been answered or is over.')
    return current
  }

  accept(id: string, consent: Consent): void {
    this.inFront(id)
    this.#take(id)?.yes(consent)
  }

  refuse(id: string): void {
    this.inFront(id)
    this.#take(id)?.no(refused())
  }

  /** What is in front was closed without an answer: no. */
  dismiss(): void {
    const { current } = this
    if (current) this.refuse(current.id)
  }

  refuseAll(): void {
    for (const waiting of this.#waiting.splice(0)) {
      clearTimeout(waiting.timer)
      waiting.no(refused())
    }
    this.onChange()
  }

  #take(id: string): Waiting | undefined {
    const at = this.#waiting.findIndex(({ prompt }) => prompt.id === id)
    const [found] = at < 0 ? [] : this.#waiting.splice(at, 1)
    if (found) clearTimeout(found.timer)
    this.onChange()
    return found
  }
}

const refused = (): StudioError => refusal('sign-refused', 'you said no.')
const expired = (): StudioError => refusal('sign-expired', 'the request waited for five minutes without an answer.')
