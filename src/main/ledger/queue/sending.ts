import { keccak256, Transaction } from 'ethers'
import { StudioError, reportError } from '@shared/errors'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import type { TransactionOutcome, TransactionSigner, UnsignedTransaction } from '@shared/ledger/transaction-intent'
import type { Log } from '../../platform/log'
import { currentFees, quantity, raisedFees, type Fees } from './fees'
import { coinWords } from '@shared/money/coin-words'
import type { Attempt, Journal, JournalEntry } from './journal'
import { refusalWords } from './refusal-words'

export interface SendingTimes {
  /** Between two looks for a receipt, milliseconds. */
  pollMs: number
  /** A transaction that waits longer than this in the chain's queue gets a higher fee. */
  raiseAfterMs: number
  /** How long others of the same account, or a ledger that is busy, may hold an intent up before it is given back. */
  patienceMs: number
}

/** Never more than this many times the first fee by itself; beyond it the person decides. */
const MAX_RAISE = 4n
/** Computers behind one address may be a block apart: a nonce that is used without a receipt is looked at this often. */
const OVERTAKEN_LOOKS = 3
/** Gas of a plain transfer of nothing. */
const CANCEL_GAS = 21_000n
/** EIP-1474: a limit, not a refusal for good. */
const LIMIT_EXCEEDED = -32_005
/** The same in words, of ledgers of ours and of rate limiters before real ones. */
const BUSY = /too fast|busy|rate limit|too many requests/i
/** Where a ledger cannot say what a transaction needs: the most that the embedded ledger takes. */
const LARGEST_GAS = 3_000_000n

/**
 * Brings one intent to its end: checks, nonce from `latest`, signature, journal, network, receipt. Nothing is sent
 * before its journal line is on the disk, and another nonce is never taken while this one may still be mined.
 */
export class Sending {
  #wish: 'raise' | 'cancel' | null = null
  #declined = false

  constructor(
    private readonly ledger: SigningLedger,
    private readonly signer: TransactionSigner,
    private readonly journal: Journal,
    private readonly id: string,
    private readonly times: SendingTimes,
    private readonly log: Log,
    private readonly signal: AbortSignal,
  ) {}

  /** To be mined sooner, or to be replaced by a transaction that does nothing. */
  wish(wish: 'raise' | 'cancel'): void {
    this.#wish = wish
  }

  /** Rejects only when the queue is closed meanwhile. */
  async run(): Promise<TransactionOutcome> {
    if (this.#entry.attempts.length === 0) {
      const refusal = await this.#first()
      if (refusal !== null) return refusal
    }
    return this.#untilMined()
  }

  /** Signs and sends for the first time; what stands in the way, if it certainly was not sent. */
  async #first(): Promise<TransactionOutcome | null> {
    let raw: string
    try {
      const { to, data, value } = this.#entry.intent
      await this.ledger.checkBeforeSigning({ account: this.signer.address, to })
      const nonce = await this.#freeNonce()
      const gasLimit = await this.#gasFor(to, data, value)
      const fees = await currentFees(this.ledger)
      await this.#checkCoin(value + gasLimit * fees.maxFeePerGas)
      await this.#simulate(to, data, value, gasLimit)
      this.signal.throwIfAborted()
      if (this.#wish === 'cancel') throw new StudioError('cancelled', 'Cancelled before it was sent.')
      raw = await this.#attempt({ nonce, to, data, value, gasLimit, fees, cancels: false })
    } catch (error) {
      this.signal.throwIfAborted()
      const { code, message } = reportError(error)
      return { state: 'not-sent', code, message }
    }
    return this.#sendFirst(raw)
  }

  /** A clear refusal of the node ends it; anything else may have arrived. */
  async #sendFirst(raw: string): Promise<TransactionOutcome | null> {
    const end = Date.now() + this.times.patienceMs
    for (;;) {
      const refusal = await this.#send(raw)
      if (refusal === null) return null
      if (refusal.code !== 'busy' || Date.now() >= end) {
        if (await this.#isKnown()) return null
        return { state: 'not-sent', ...refusal }
      }
      await this.#pause(this.times.pollMs * 4)
    }
  }

  /** Null: it is on its way, or that is unknown. */
  async #send(raw: string): Promise<{ code: string; message: string } | null> {
    try {
      await this.ledger.request({ method: 'eth_sendRawTransaction', params: [raw] })
      return null
    } catch (error) {
      this.signal.throwIfAborted()
      const { code, message } = error as { code?: unknown; message?: unknown }
      const words = String(message)
      if (code === LIMIT_EXCEEDED || (typeof code === 'number' && BUSY.test(words)))
        return { code: 'busy', message: `The ledger is busy: ${words}` }
      if (typeof code !== 'number' || /already|known|nonce|underpriced/i.test(words)) {
        this.log('info', 'sending was not confirmed', { id: this.id, error: words })
        return null
      }
      return { code: 'refused', message: `The ledger did not take the transaction: ${words}` }
    }
  }

  async #untilMined(): Promise<TransactionOutcome> {
    let since = Date.now()
    let overtaken = 0
    for (;;) {
      this.signal.throwIfAborted()
      try {
        // the nonce first: what was mined in between is then seen as a receipt
        const next = await this.#nonce('latest')
        for (const attempt of this.#entry.attempts) {
          const outcome = await this.#receipt(attempt)
          if (outcome !== null) return outcome
        }
        const [{ nonce }] = this.#entry.attempts as [Attempt]
        const isKnown = await this.#isKnown()
        overtaken = next > nonce && !isKnown ? overtaken + 1 : 0
        if (overtaken >= OVERTAKEN_LOOKS) return REPLACED
        if (next <= nonce && !isKnown) await this.#send(this.#newest.raw)
        const isLate = !this.#declined && Date.now() - since > this.times.raiseAfterMs
        const raise = this.#wish ?? (isLate ? 'auto' : null)
        if (raise !== null) {
          this.#wish = null
          since = Date.now()
          await this.#replace(raise)
        }
      } catch (error) {
        this.signal.throwIfAborted()
        this.log('info', 'the ledger did not answer', { id: this.id, error: String(error) })
      }
      await this.#pause(this.times.pollMs)
    }
  }

  async #receipt(attempt: Attempt): Promise<TransactionOutcome | null> {
    const found = await this.ledger.request({ method: 'eth_getTransactionReceipt', params: [attempt.hash] })
    const { blockNumber, status, gasUsed } = (found ?? {}) as Record<string, unknown>
    const block = quantity(blockNumber)
    if (block === null) return null
    if (attempt.cancels)
      return { state: 'not-sent', code: 'cancelled', message: 'Cancelled; something empty was sent.' }
    return {
      ...{ state: 'mined', hash: attempt.hash, block: Number(block), gasUsed: quantity(gasUsed) ?? 0n },
      reverted: quantity(status) === 0n,
    }
  }

  /** The same nonce with higher fees, so that only one of them can be mined. */
  async #replace(how: 'raise' | 'cancel' | 'auto'): Promise<void> {
    const [first] = this.#entry.attempts as [Attempt]
    const newest = this.#newest
    const fees = raisedFees(newest, await currentFees(this.ledger))
    if (this.ledger.network.kind === 'local') return // no fees, nothing to raise
    if (how === 'auto' && fees.maxFeePerGas > first.maxFeePerGas * MAX_RAISE) return
    await this.ledger.checkBeforeSigning({ account: this.signer.address, to: this.#entry.intent.to })
    const { to, data, value, gasLimit } = Transaction.from(newest.raw)
    const cancels = how === 'cancel' || newest.cancels
    const what = cancels
      ? { to: this.signer.address, data: '0x', value: 0n, gasLimit: CANCEL_GAS }
      : { to: to!.toLowerCase(), data, value, gasLimit }
    try {
      await this.#send(await this.#attempt({ nonce: first.nonce, ...what, fees, cancels }))
    } catch (error) {
      // whoever said no to a higher fee, or cannot be asked any more, is not asked again and again
      if (error instanceof StudioError && how === 'auto') this.#declined = true
      throw error
    }
  }

  /** Signs, looks at what came back, and writes it down before anybody sees it. */
  async #attempt({ fees, cancels, ...rest }: NewAttempt): Promise<string> {
    const unsigned: UnsignedTransaction = { type: 2, chainId: this.ledger.network.chainId, ...rest, ...fees }
    const raw = await this.signer.signTransaction(unsigned, this.#entry.intent.words)
    const signed = Transaction.from(raw)
    const isSame =
      signed.from?.toLowerCase() === this.signer.address &&
      signed.unsignedHash === Transaction.from({ ...unsigned }).unsignedHash
    if (!isSame) throw new StudioError('wrong-signature', 'The wallet has signed something else than it was asked to.')
    const attempt: Attempt = { nonce: rest.nonce, hash: keccak256(raw), raw, ...fees, cancels }
    await this.journal.add({ t: 'attempt', id: this.id, attempt })
    return raw
  }

  /** The account's next nonce once nothing of it waits any more that was sent from elsewhere. */
  async #freeNonce(): Promise<number> {
    const end = Date.now() + this.times.patienceMs
    for (;;) {
      const [mined, waiting] = await Promise.all([this.#nonce('latest'), this.#nonce('pending')])
      if (waiting <= mined) return mined
      if (Date.now() >= end) {
        throw new StudioError(
          'account-busy',
          'Another transaction of this account, sent from elsewhere, is still waiting. Try again when it is through.',
        )
      }
      await this.#pause(this.times.pollMs)
    }
  }

  async #nonce(tag: 'latest' | 'pending'): Promise<number> {
    const call = { method: 'eth_getTransactionCount', params: [this.signer.address, tag] }
    const count = quantity(await this.ledger.request(call))
    if (count === null) throw new StudioError('rpc-garbled', 'The ledger does not say how often this account has sent.')
    return Number(count)
  }

  /** A fifth more than it needs now; what would fail is not sent at all. */
  async #gasFor(to: string, data: string, value: bigint): Promise<bigint> {
    const call = { from: this.signer.address, to, data, value: `0x${value.toString(16)}` }
    try {
      const gas = quantity(await this.ledger.request({ method: 'eth_estimateGas', params: [call] }))
      return gas === null ? LARGEST_GAS : gas + gas / 5n
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (error instanceof StudioError || typeof code !== 'number') throw error
      throw wouldFail(error)
    }
  }

  /** The exact transaction, tried on the newest block, so that nobody is asked to sign what the ledger would undo. */
  async #simulate(to: string, data: string, value: bigint, gasLimit: bigint): Promise<void> {
    const quantities = { value: `0x${value.toString(16)}`, gas: `0x${gasLimit.toString(16)}` }
    const call = { from: this.signer.address, to, data, ...quantities }
    try {
      await this.ledger.request({ method: 'eth_call', params: [call, 'latest'] })
    } catch (error) {
      if (error instanceof StudioError || typeof (error as { code?: unknown }).code !== 'number') throw error
      throw wouldFail(error)
    }
  }

  /** The fee at its highest is there. @param needed wei of the network's coin */
  async #checkCoin(needed: bigint): Promise<void> {
    const { kind, name, coin } = this.ledger.network
    if (kind === 'local' || needed === 0n) return
    const call = { method: 'eth_getBalance', params: [this.signer.address, 'latest'] }
    const have = quantity(await this.ledger.request(call)) ?? 0n
    if (have >= needed) return
    const unit = coin ?? `of the coin of ${name}`
    throw new StudioError(
      'too-little-coin',
      `The network fee can be up to ${coinWords(needed)} ${unit}, and this account has ${coinWords(have)}. ` +
        `Send some ${coin ?? `coins of ${name}`} to your address first; nothing was sent.`,
    )
  }

  async #isKnown(): Promise<boolean> {
    const call = { method: 'eth_getTransactionByHash', params: [this.#newest.hash] }
    return (await this.ledger.request(call)) !== null
  }

  get #entry(): JournalEntry {
    return this.journal.entries.get(this.id)!
  }

  get #newest(): Attempt {
    return this.#entry.attempts.at(-1)!
  }

  /** Rejects when the queue is closed. */
  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.signal.addEventListener('abort', done)
    })
    this.signal.throwIfAborted()
  }
}

type NewAttempt = Omit<UnsignedTransaction, 'type' | 'chainId' | keyof Fees> & { fees: Fees; cancels: boolean }

function wouldFail(cause: unknown): StudioError {
  return new StudioError('would-fail', `Nothing was sent, because it would fail: ${refusalWords(cause)}.`, { cause })
}

const REPLACED: TransactionOutcome = {
  state: 'not-sent',
  code: 'replaced',
  message: 'Another transaction of this account, sent from elsewhere, took its place. It will never happen.',
}
