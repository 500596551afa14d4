import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { networkKey } from '@shared/ledger/ledger-network'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import { TransactionIntent, type TransactionOutcome, type TransactionSigner } from '@shared/ledger/transaction-intent'
import { silentLog, type Log } from '../../platform/log'
import { Journal } from './journal'
import { Sending, type SendingTimes } from './sending'

/** More than a person can mean; further ones are refused until some are through. */
const MAX_WAITING = 256

const LOCAL_TIMES: SendingTimes = { pollMs: 100, raiseAfterMs: Infinity, patienceMs: 30_000 }
const RPC_TIMES: SendingTimes = { pollMs: 1_500, raiseAfterMs: 45_000, patienceMs: 60_000 }

export interface QueueOptions {
  /** Folder of the journals. */
  dir: string
  ledger: SigningLedger
  signer: TransactionSigner
  log?: Log
  times?: Partial<SendingTimes>
}

interface Running {
  intent: TransactionIntent
  sending: Sending
  done: Promise<TransactionOutcome>
}

/** How an intent of an earlier run ended. */
export interface RecoveredIntent {
  intent: TransactionIntent
  outcome: TransactionOutcome
}

/**
 * Sends for one account on one network, one transaction at a time. [Note: Sent once] An intent is written down before
 * it is signed and its signed form before it is sent. After a crash: what has no signed form was certainly not sent and
 * is reported so; what has one is looked up, and sent again in exactly that form, until its nonce is used. A nonce is
 * used once, so the intent happens once or, when something else took the nonce, never.
 */
export class TransactionQueue {
  readonly #closing = new AbortController()
  readonly #running = new Map<string, Running>()
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly options: QueueOptions,
    private readonly journal: Journal,
  ) {}

  /** Opens the journal and goes on with what an earlier run left; see `recovered`. */
  static async open(options: QueueOptions): Promise<TransactionQueue> {
    const { dir, ledger, signer } = options
    const name = `${networkKey(ledger.network)}-${signer.address}.jsonl`
    const queue = new TransactionQueue(options, await Journal.open(join(dir, name)))
    for (const entry of queue.journal.entries.values()) {
      if (entry.outcome === null && entry.attempts.length === 0) await queue.#finish(entry.intent.id, INTERRUPTED)
    }
    queue.recovered = Promise.all(
      [...queue.journal.entries.values()]
        .filter(({ outcome }) => outcome === null)
        .map(async (entry) => ({ intent: entry.intent, outcome: await queue.#start(entry.intent) })),
    )
    queue.recovered.catch(() => undefined) // closed before the end: the next run goes on
    return queue
  }

  /** What an earlier run had sent without knowing how it ended; resolves when all of it is known. */
  recovered: Promise<RecoveredIntent[]> = Promise.resolve([])

  /**
   * Sends an intent once; asked again with the same id it answers the same. Resolves when it is in a block or certainly
   * never will be. Throws StudioError `intent-differs`, `queue-full`, `queue-closed`.
   */
  async send(wanted: TransactionIntent): Promise<TransactionOutcome> {
    const intent = TransactionIntent.parse(wanted)
    const known = this.journal.entries.get(intent.id) ?? this.#running.get(intent.id)
    if (known !== undefined) {
      if (!isSame(known.intent, intent)) {
        throw new StudioError('intent-differs', `Something else was sent as ${intent.id} before. Nothing is sent now.`)
      }
      return this.outcomeOf(intent.id) ?? this.#start(intent)
    }
    if (this.#running.size >= MAX_WAITING) {
      throw new StudioError('queue-full', 'Too many transactions are waiting. Try again when some are through.')
    }
    if (this.#closing.signal.aborted) throw closed()
    return this.#start(intent, () => this.journal.add({ t: 'intent', intent }))
  }

  /** What is under way or waiting, oldest first. */
  get pending(): TransactionIntent[] {
    return [...this.#running.values()].map(({ intent }) => intent)
  }

  /** How an intent ended; null while it has not, or when it is unknown. */
  outcomeOf(id: string): TransactionOutcome | null {
    return this.journal.entries.get(id)?.outcome ?? null
  }

  /** Offers a higher fee for what waits on a chain with fees. Throws StudioError `not-pending`. */
  raiseFee(id: string): void {
    this.#pendingOne(id).wish('raise')
  }

  /** Tries to keep it from happening; its outcome says whether that was in time. Throws StudioError `not-pending`. */
  cancel(id: string): void {
    this.#pendingOne(id).wish('cancel')
  }

  /** Stops watching; what was sent goes on, and the next run learns how it ended. */
  async close(): Promise<void> {
    this.#closing.abort(closed())
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done))
    await this.journal.close()
  }

  #pendingOne(id: string): Sending {
    const running = this.#running.get(id)
    if (running === undefined) throw new StudioError('not-pending', 'This transaction is through already.')
    return running.sending
  }

  #start(intent: TransactionIntent, note?: () => Promise<void>): Promise<TransactionOutcome> {
    const { id } = intent
    const running = this.#running.get(id)
    if (running !== undefined) return running.done
    const { ledger, signer, log = silentLog, times } = this.options
    const all = { ...(ledger.network.kind === 'local' ? LOCAL_TIMES : RPC_TIMES), ...times }
    const sending = new Sending(ledger, signer, this.journal, id, all, log, this.#closing.signal)
    const before = this.#last
    const done = (async () => {
      await note?.()
      await before
      this.#closing.signal.throwIfAborted()
      return this.#finish(id, await sending.run())
    })().finally(() => this.#running.delete(id))
    this.#running.set(id, { intent, sending, done })
    this.#last = done.catch(() => undefined)
    return done
  }

  async #finish(id: string, outcome: TransactionOutcome): Promise<TransactionOutcome> {
    await this.journal.add({ t: 'outcome', id, outcome })
    return outcome
  }
}

const INTERRUPTED: TransactionOutcome = {
  state: 'not-sent',
  code: 'interrupted',
  message: 'The app was closed before this was sent. Nothing has happened; try again if you still want it.',
}

function isSame(one: TransactionIntent, two: TransactionIntent): boolean {
  return one.to === two.to && one.data.toLowerCase() === two.data.toLowerCase() && one.value === two.value
}

function closed(): StudioError {
  return new StudioError('queue-closed', 'The app is closing; nothing more is sent.')
}
