import { StudioError } from '../errors'
import { DAG_CBOR_CODEC, parseContentCid } from './content-cid'
import { publicKeyOfPeerId } from './peer-id-key'

/** Where a live is: its broadcaster's peer id and the CID of the signed manifest of the show. */
export interface LiveAddress {
  peerId: string
  showCid: string
}

/** `we://<peer id>/live/<manifest CID>`. */
export function formatLiveUrl({ peerId, showCid }: LiveAddress): string {
  return `we://${peerId}/live/${showCid}`
}

/**
 * Reads a live address. Strict: an Ed25519 peer id (its key is needed to verify the show) and a CIDv1 of dag-cbor and
 * sha2-256 in base32; blanks around it are forgiven, nothing else is. Throws StudioError `bad-live-url`.
 */
export function parseLiveUrl(text: string): LiveAddress {
  const match = /^we:\/\/([^/]{1,100})\/live\/([^/]{1,100})$/.exec(text.trim())
  const [, peerId = '', showCid = ''] = match ?? []
  if (publicKeyOfPeerId(peerId) === null || parseContentCid(showCid, DAG_CBOR_CODEC) === null) {
    throw new StudioError(
      'bad-live-url',
      'This is not the address of a live. It looks like we://12D3Koo.../live/bafy...; copy it again from the broadcaster.',
    )
  }
  return { peerId, showCid }
}
