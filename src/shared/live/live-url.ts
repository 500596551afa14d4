import { StudioError } from '../errors'
import { DAG_CBOR_CODEC, parseContentCid } from './content-cid'
import { publicKeyOfPeerId } from './peer-id-key'
import { MAX_TOKEN_LETTERS } from './share-limits'

/** Where a live is: its broadcaster's peer id and the CID of the signed manifest of the show. */
export interface LiveAddress {
  peerId: string
  showCid: string
  /** Of who sent the link (`openShareToken`), as it stands there: not checked yet. */
  share?: string
}

/** `we://<peer id>/live/<manifest CID>`, and `?s=<token>` where somebody shares it. */
export function formatLiveUrl({ peerId, showCid, share }: LiveAddress): string {
  return `we://${peerId}/live/${showCid}${share === undefined ? '' : `?s=${share}`}`
}

/**
 * Reads a live address. Strict: an Ed25519 peer id (its key is needed to verify the show) and a CIDv1 of dag-cbor and
 * sha2-256 in base32; blanks around it are forgiven, nothing else is. A sharer's token is letters of base64url up to its
 * greatest length. Throws StudioError `bad-live-url`.
 */
export function parseLiveUrl(text: string): LiveAddress {
  const match = /^we:\/\/([^/?]{1,100})\/live\/([^/?]{1,100})(?:\?s=([A-Za-z0-9_-]{1,1000}))?$/.exec(text.trim())
  const [, peerId = '', showCid = '', share] = match ?? []
  const isLong = share !== undefined && share.length > MAX_TOKEN_LETTERS
  if (isLong || publicKeyOfPeerId(peerId) === null || parseContentCid(showCid, DAG_CBOR_CODEC) === null) {
    throw new StudioError(
      'bad-live-url',
      'This is not the address of a live. It looks like we://12D3Koo.../live/bafy...; copy it again from the broadcaster.',
    )
  }
  return { peerId, showCid, ...(share === undefined ? {} : { share }) }
}
