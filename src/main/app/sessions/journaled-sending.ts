import { randomUUID } from 'node:crypto'
import { Interface } from 'ethers'
import type { SignAbout, TransactionToSign } from '@shared/engines/wallet-service'
import { StudioError } from '@shared/errors'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import type { Address } from '@shared/money/address'
import type { LedgerCall } from '@shared/wallet/ledger-provider'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import type { SendingTimes } from '../../ledger/queue/sending'
import { TransactionQueue } from '../../ledger/queue/transaction-queue'

export type SignTransaction = (
  transaction: TransactionToSign,
  about: SignAbout,
) => Promise<{ raw: string; hash: string }>

/** A ledger to which the wallet sends. */
export interface SendingLedger {
  network: WalletNetwork
  provider: Eip1193
  /** Before each signature; rejects with what stands against it. */
  check: (about: { account?: string; to?: string }) => Promise<void>
}

const TOKEN = new Interface(['function balanceOf(address) view returns (uint256)'])

/**
 * Sends what the wallet signs through one journaled queue for each ledger and account ([Note: Sent once]). What a killed
 * app left under way is found at the next start, and the person is told.
 */
export class JournaledSending {
  readonly #queues = new Map<string, Promise<TransactionQueue>>()
  /** Of the calls under way: who signs them when their turn has come. */
  readonly #signs = new Map<string, SignTransaction>()
  readonly #underWay = new Map<string, { account: Address; chainId: bigint; words: string }>()
  readonly #listeners: (() => void)[] = []

  /**
   * @param dir of the journals
   * @param recovered told of each transaction of an earlier run whose end is known now
   * @param times of the queues; shorter ones for tests
   */
  constructor(
    private readonly dir: string,
    private readonly recovered: (words: string, happened: boolean) => void,
    private readonly times: Partial<SendingTimes> = {},
  ) {}

  /** Looks for what an earlier run left under way on this ledger. */
  resume(ledger: SendingLedger, account: Address): void {
    this.#queue(ledger, account).catch(() => undefined) // said when something is sent
  }

  /** Resolves when it is in a block. Rejects with a StudioError in plain words. */
  async send(
    ledger: SendingLedger,
    account: Address,
    { to, data, words }: LedgerCall,
    sign: SignTransaction,
  ): Promise<{ hash: string }> {
    const queue = await this.#queue(ledger, account)
    const key = keyOf(to, data)
    const id = randomUUID()
    this.#signs.set(key, sign)
    this.#note(id, { account, chainId: ledger.network.chainId, words })
    try {
      const outcome = await queue.send({ id, to, data, value: 0n, words })
      if (outcome.state === 'not-sent') throw new StudioError(outcome.code, outcome.message)
      if (outcome.reverted) {
        const fee = ledger.network.kind === 'rpc' ? ' Its network fee was paid all the same.' : ''
        throw new StudioError('reverted', `The ledger refused it, and nothing was moved.${fee}`)
      }
      return { hash: outcome.hash }
    } finally {
      this.#signs.delete(key)
      this.#note(id, null)
    }
  }

  /** Of an account: what is not in a block yet, oldest first. */
  underWay(account: Address): { chainId: bigint; words: string }[] {
    return [...this.#underWay.values()]
      .filter((one) => one.account === account)
      .map(({ chainId, words }) => ({ chainId, words }))
  }

  /** Something is under way, or is not any more. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** What was sent goes on; the next start learns how it ended. */
  async close(): Promise<void> {
    const queues = await Promise.allSettled(this.#queues.values())
    for (const queue of queues) if (queue.status === 'fulfilled') await queue.value.close().catch(() => undefined)
  }

  #queue(ledger: SendingLedger, account: Address): Promise<TransactionQueue> {
    const key = `${ledger.network.chainId} ${account}`
    const known = this.#queues.get(key)
    if (known !== undefined) return known
    const opening = this.#open(ledger, account)
    this.#queues.set(key, opening)
    opening.catch(() => this.#queues.delete(key))
    return opening
  }

  async #open({ network, provider, check }: SendingLedger, account: Address): Promise<TransactionQueue> {
    const { chainId, name, kind, coin, contracts } = network
    const ledger: SigningLedger = {
      network: { kind, chainId, name, contracts: {}, firstBlock: 0, ...(coin === undefined ? {} : { coin }) },
      request: (call) => provider.request(call),
      checkBeforeSigning: (about) => check(about),
    }
    const signTransaction = async (transaction: TransactionToSign): Promise<string> => {
      const sign = this.#signs.get(keyOf(transaction.to, transaction.data))
      if (sign === undefined) throw new StudioError('not-asked', 'Nobody waits for this transaction any more.')
      return (await sign(transaction, { haveWei: await balanceOf(provider, contracts.WEToken, account) })).raw
    }
    const signer = { address: account, signTransaction }
    const queue = await TransactionQueue.open({ dir: this.dir, ledger, signer, times: this.times })
    for (const { id, words } of queue.pending) this.#note(id, { account, chainId, words })
    queue.recovered.then(
      (ended) => {
        for (const { intent, outcome } of ended) {
          this.#note(intent.id, null)
          this.recovered(intent.words, outcome.state === 'mined' && !outcome.reverted)
        }
      },
      () => undefined, // closed before the end: the next run says it
    )
    return queue
  }

  #note(id: string, about: { account: Address; chainId: bigint; words: string } | null): void {
    if (about === null) this.#underWay.delete(id)
    else this.#underWay.set(id, about)
    for (const listener of this.#listeners) listener()
  }
}

/** Null when it cannot be had: the words are shorter then. */
async function balanceOf(provider: Eip1193, token: Address | undefined, account: Address): Promise<bigint | null> {
  if (token === undefined) return null
  const data = TOKEN.encodeFunctionData('balanceOf', [account])
  const answer = await provider
    .request({ method: 'eth_call', params: [{ to: token, data }, 'latest'] })
    .catch(() => null)
  return typeof answer === 'string' && /^0x[0-9a-f]{64}$/i.test(answer) ? BigInt(answer) : null
}

/** Of one account and ledger only one transaction is under way at a time. */
function keyOf(to: Address, data: string): string {
  return `${to.toLowerCase()} ${data.toLowerCase()}`
}
