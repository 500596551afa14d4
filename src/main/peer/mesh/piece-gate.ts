import { MeshFault } from '@shared/mesh/byte-reader'
import { decodeStripeFrame, frameBody, LISTED_HASH_BYTES, pieceLength } from '@shared/mesh/piece'
import type { ChunkHead, HashList, Piece } from '@shared/mesh/piece'
import { verifyEd25519 } from '../../platform/ed25519'
import { hashOf, PiecePayloads } from './piece-payload'

/** What a frame of a stripe stream turned out to be; what it holds is verified. */
export type OpenedFrame =
  | { type: 'piece'; piece: Piece }
  | { type: 'list'; list: HashList }
  /** A piece whose list has not come yet: neither played nor passed on before. */
  | { type: 'unlisted'; chunk: number; stripe: number }
  /** Known already; nothing was computed for it. */
  | { type: 'known'; chunk: number; stripe: number; bytes: number }

/** Lists kept; at 30 batches a second more than the three seconds that pieces are kept. */
const KEPT_LISTS = 256

interface Listed {
  head: ChunkHead
  hashes: Uint8Array
}

/**
 * The gate of the mesh: a piece passes only when the broadcaster's signature covers its show, place, time, length and
 * hash. Each piece is hashed once. Fail closed: everything else throws MeshFault, and who sent it is dropped.
 */
export class PieceGate {
  readonly #payloads: PiecePayloads
  readonly #publicKey: Uint8Array
  readonly #lists = new Map<number, Listed>()

  /** @param publicKey of the broadcaster, 32 bytes */
  constructor(showCid: string, publicKey: Uint8Array) {
    this.#payloads = new PiecePayloads(showCid)
    this.#publicKey = publicKey
  }

  /**
   * @param frame with its length before it @param has true for a piece that is here already. Throws MeshFault.
   */
  open(frame: Uint8Array, has: (chunk: number, stripe: number) => boolean): OpenedFrame {
    const opened = decodeStripeFrame(frameBody(frame))
    if (opened.type === 'list') {
      if (opened.list.heads.every(({ chunk }) => this.#lists.has(chunk))) {
        return { type: 'known', chunk: opened.list.heads[0]!.chunk, stripe: 0, bytes: frame.length }
      }
      this.#verify(this.#payloads.list(opened.signed), opened.signature)
      this.#keep(opened.list)
      return { type: 'list', list: opened.list }
    }
    const { chunk, stripe } = opened.type === 'piece' ? opened.piece : opened
    if (has(chunk, stripe)) return { type: 'known', chunk, stripe, bytes: frame.length }
    if (opened.type === 'listed') return this.#openListed(opened.chunk, opened.stripe, opened.data)
    const head = frameBody(frame).subarray(1, 17)
    this.#verify(this.#payloads.piece(head, hashOf(opened.piece.data)), opened.signature)
    return { type: 'piece', piece: opened.piece }
  }

  /** True when the list of this chunk is here. */
  isListed(chunk: number): boolean {
    return this.#lists.has(chunk)
  }

  #openListed(chunk: number, stripe: number, data: Uint8Array): OpenedFrame {
    const listed = this.#lists.get(chunk)
    if (listed === undefined) return { type: 'unlisted', chunk, stripe }
    const { head, hashes } = listed
    if (stripe >= head.n || data.length !== pieceLength(head, stripe)) {
      throw new MeshFault('malformed', 'a listed piece of another length')
    }
    const hash = hashOf(data)
    for (let at = 0; at < LISTED_HASH_BYTES; at++) {
      if (hash[at] !== hashes[stripe * LISTED_HASH_BYTES + at])
        throw new MeshFault('wrong-hash', 'a piece that is not the listed one')
    }
    return { type: 'piece', piece: { ...head, stripe, data } }
  }

  #keep({ heads, hashes }: HashList): void {
    for (const [index, head] of heads.entries()) {
      if (!this.#lists.has(head.chunk)) this.#lists.set(head.chunk, { head, hashes: hashes[index]! })
    }
    for (const chunk of this.#lists.keys()) {
      if (this.#lists.size <= KEPT_LISTS) break
      this.#lists.delete(chunk)
    }
  }

  #verify(payload: Uint8Array, signature: Uint8Array): void {
    if (!verifyEd25519(this.#publicKey, payload, signature)) {
      throw new MeshFault('wrong-signature', 'not signed by the broadcaster')
    }
  }
}
