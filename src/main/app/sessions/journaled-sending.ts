import { randomUUID } from 'node:crypto'
import type { TransactionToSign } from '@shared/engines/wallet-service'
import { StudioError } from '@shared/errors'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import type { Address } from '@shared/money/address'
import type { LedgerCall } from '@shared/wallet/ledger-provider'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import { TransactionQueue } from '../../ledger/queue/transaction-queue'

export type SignTransaction = (transaction: TransactionToSign) => Promise<{ raw: string; hash: string }>

/**
 * Sends what the wallet signs on local ledgers through one journaled queue for each ledger and account
 * ([Note: Sent once]). What a killed app left under way is found at the next start, and the person is told.
 */
export class JournaledSending {
  readonly #queues = new Map<string, Promise<TransactionQueue>>()
  /** Of the calls under way: who signs them when their turn has come. */
  readonly #signs = new Map<string, SignTransaction>()

  /**
   * @param dir of the journals
   * @param recovered told of each transaction of an earlier run whose end is known now
   */
  constructor(
    private readonly dir: string,
    private readonly recovered: (words: string, happened: boolean) => void,
  ) {}

  /** Looks for what an earlier run left under way on this ledger. */
  resume(network: WalletNetwork, provider: Eip1193, account: Address): void {
    this.#queue(network, provider, account).catch(() => undefined) // said when something is sent
  }

  /** Resolves when it is in a block. Rejects with a StudioError in plain words. */
  async send(
    { network, provider }: { network: WalletNetwork; provider: Eip1193 },
    account: Address,
    { to, data, words }: LedgerCall,
    sign: SignTransaction,
  ): Promise<{ hash: string }> {
    const queue = await this.#queue(network, provider, account)
    const key = keyOf(to, data)
    this.#signs.set(key, sign)
    try {
      const outcome = await queue.send({ id: randomUUID(), to, data, value: 0n, words })
      if (outcome.state === 'not-sent') throw new StudioError(outcome.code, outcome.message)
      if (outcome.reverted) throw new StudioError('reverted', 'The ledger refused it, and nothing was moved.')
      return { hash: outcome.hash }
    } finally {
      this.#signs.delete(key)
    }
  }

  /** What was sent goes on; the next start learns how it ended. */
  async close(): Promise<void> {
    const queues = await Promise.allSettled(this.#queues.values())
    for (const queue of queues) if (queue.status === 'fulfilled') await queue.value.close().catch(() => undefined)
  }

  #queue(network: WalletNetwork, provider: Eip1193, account: Address): Promise<TransactionQueue> {
    const key = `${network.chainId} ${account}`
    const known = this.#queues.get(key)
    if (known !== undefined) return known
    const opening = this.#open(network, provider, account)
    this.#queues.set(key, opening)
    opening.catch(() => this.#queues.delete(key))
    return opening
  }

  async #open({ chainId, name }: WalletNetwork, provider: Eip1193, account: Address): Promise<TransactionQueue> {
    const ledger: SigningLedger = {
      network: { kind: 'local', chainId, name, contracts: {}, firstBlock: 0 },
      request: (call) => provider.request(call),
      checkBeforeSigning: () => Promise.resolve(), // each of its blocks was executed by this computer
    }
    const signTransaction = async (transaction: TransactionToSign): Promise<string> => {
      const sign = this.#signs.get(keyOf(transaction.to, transaction.data))
      if (sign === undefined) throw new StudioError('not-asked', 'Nobody waits for this transaction any more.')
      return (await sign(transaction)).raw
    }
    const queue = await TransactionQueue.open({ dir: this.dir, ledger, signer: { address: account, signTransaction } })
    queue.recovered.then(
      (ended) => {
        for (const { intent, outcome } of ended) {
          this.recovered(intent.words, outcome.state === 'mined' && !outcome.reverted)
        }
      },
      () => undefined, // closed before the end: the next run says it
    )
    return queue
  }
}

/** Of one account and ledger only one transaction is under way at a time. */
function keyOf(to: Address, data: string): string {
  return `${to.toLowerCase()} ${data.toLowerCase()}`
}
