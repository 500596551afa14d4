import { equalsBytes } from '@ethereumjs/util'
import { encodeBlock, encodeHeader, type LedgerBlock } from '@shared/ledger/block'
import { readCbor, SignAnswer, writeCbor } from '@shared/ledger/ledger-request'
import { recoverSigner } from './authority-key'
import { quorum } from './block-rules'
import type { EmbeddedLedger } from './embedded-ledger'
import { keccak256 } from './keccak'
import type { Exchange } from './ledger-follower'

const TICK_MS = 250

/**
 * Makes blocks of a ledger of several authorities: when it is this one's turn, proposes the next block, gathers the
 * others' signatures, and adds it once more than half of the keys stand for it. Until then nothing of it counts.
 * [Note: One signature each height] A key signs one block of a height, ever, so two blocks of one height can never both
 * be final. The price: when at one height no block can get more than half any more, because each authority, cut off from
 * the others for longer than the step-in time, has signed its own, the ledger stands still.
 */
export class AuthorityRounds {
  readonly #timer: NodeJS.Timeout
  #round: Promise<void> | null = null
  #stopped = false

  constructor(
    private readonly ledger: EmbeddedLedger,
    private readonly exchange: () => Exchange | null,
    private readonly peers: () => Promise<string[]>,
    private readonly log: (line: string) => void,
  ) {
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#round
  }

  #tick(): void {
    if (this.#round !== null || this.#stopped || !this.ledger.isDue) return
    this.#round = this.#propose()
      .catch((error: unknown) => this.log(error instanceof Error ? error.message : String(error)))
      .finally(() => (this.#round = null))
  }

  async #propose(): Promise<void> {
    const exchange = this.exchange()
    const peers = await this.peers()
    const needed = quorum(this.ledger.genesis.authorities.length)
    // Alone there is no block to be had; not signing one keeps the choice open for when the others are back.
    if (exchange === null || peers.length < needed - 1) return
    const block = await this.ledger.propose()
    if (block === null) return
    const signatures = await this.#gather(exchange, peers, block, needed)
    if (signatures.length < needed) return
    await this.ledger.importBlock(encodeBlock({ ...block, signatures }))
  }

  /** The block's own signatures and those that others give, of different authorities; ends with the last one needed. */
  async #gather(exchange: Exchange, peers: string[], block: LedgerBlock, needed: number): Promise<Uint8Array[]> {
    const hash = keccak256(encodeHeader(block.header))
    const signatures: Uint8Array[] = []
    const signers: Uint8Array[] = []
    const take = (signature: Uint8Array): void => {
      const signer = recoverSigner(hash, signature)
      if (signer === null || signers.some((one) => equalsBytes(one, signer))) return
      if (!this.ledger.genesis.authorities.some((one) => equalsBytes(one, signer))) return
      signers.push(signer)
      signatures.push(signature)
    }
    block.signatures.forEach(take)
    take(await this.ledger.endorse(encodeBlock(block))) // an earlier vote for another's block counts, too
    const request = writeCbor({ q: 'sign', l: this.ledger.genesisHash, block: encodeBlock(block) })
    const asked = peers.map(async (peer) => {
      const [frame] = await exchange.call('ask', { peer, request, maxFrames: 1, maxBytes: 1_024 })
      const answer = frame === undefined ? null : readCbor(SignAnswer, frame)
      if (answer !== null && 'signature' in answer) take(answer.signature)
      else if (answer !== null) this.log(`block ${block.header.n}: ${peer} refused: ${answer.refused}`)
    })
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (signatures.length >= needed) resolve()
      }
      for (const one of asked) one.then(look, look)
      void Promise.allSettled(asked).then(() => resolve())
    })
    return signatures.slice(0, Math.max(needed, 1))
  }
}
