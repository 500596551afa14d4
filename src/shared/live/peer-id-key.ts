import { base58btc } from 'multiformats/bases/base58'

/**
 * Identity multihash of a libp2p public key protobuf: 0x00 (identity), 36 bytes long, key type 1 (Ed25519),
 * 32 bytes of key. Peer ids of this form carry their key inline (libp2p specs, peer-ids).
 */
const ED25519_PEER_ID_PREFIX = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20]
const KEY_BYTES = 32

/** The 32-byte Ed25519 public key inside a peer id (`12D3KooW...`), or null when it is no such peer id. */
export function publicKeyOfPeerId(peerId: string): Uint8Array | null {
  if (!/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/.test(peerId)) return null
  let bytes: Uint8Array
  try {
    bytes = base58btc.baseDecode(peerId)
  } catch {
    return null
  }
  if (bytes.length !== ED25519_PEER_ID_PREFIX.length + KEY_BYTES) return null
  if (!ED25519_PEER_ID_PREFIX.every((value, index) => bytes[index] === value)) return null
  return bytes.slice(ED25519_PEER_ID_PREFIX.length)
}

/** The peer id of an Ed25519 public key of 32 bytes: the inverse of `publicKeyOfPeerId`. */
export function peerIdOfPublicKey(key: Uint8Array): string {
  return base58btc.baseEncode(Uint8Array.from([...ED25519_PEER_ID_PREFIX, ...key]))
}
