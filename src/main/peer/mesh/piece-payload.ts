import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'

const PIECE_DOMAIN = Buffer.from('we-studio/mesh-piece/1\n', 'ascii')
const LIST_DOMAIN = Buffer.from('we-studio/mesh-list/1\n', 'ascii')

/** SHA-256. */
export function hashOf(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest()
}

/**
 * What is signed for one show: the domain keeps apart what the same key signs elsewhere, the CID of the show keeps
 * pieces of another show out (as RFC 7574, 5.3 binds chunks to a swarm).
 */
export class PiecePayloads {
  readonly #show: Uint8Array

  constructor(showCid: string) {
    this.#show = CID.parse(showCid).bytes
  }

  /** @param head the 16 bytes of `encodePieceHead` @param hash SHA-256 of the data */
  piece(head: Uint8Array, hash: Uint8Array): Uint8Array {
    return Buffer.concat([PIECE_DOMAIN, this.#show, head, hash])
  }

  /** @param body the bytes of `encodeListBody` */
  list(body: Uint8Array): Uint8Array {
    return Buffer.concat([LIST_DOMAIN, this.#show, body])
  }
}
