import { decodeMlsMessage, encodeMlsMessage, type MLSMessage, type PrivateMessage } from 'ts-mls'
import { MessageRefused } from './message-refused'

const MAX_TEXT_BYTES = 48_000
export const MAX_CHANGE_BYTES = 512_000
export const MAX_PACKAGE_BYTES = 8_000

/** What others sent, bounded before it is decoded. Throws MessageRefused `oversized` or `malformed`. */
export function decodeBounded(bytes: Uint8Array, limit: number): MLSMessage {
  if (bytes.length > limit) throw new MessageRefused('oversized', `${bytes.length} bytes, limit ${limit}`)
  try {
    const [message] = decodeMlsMessage(bytes, 0) ?? []
    // Lengths have several spellings; with one only, nobody on the way can give a message another id.
    if (message !== undefined && Buffer.compare(encodeMlsMessage(message), bytes) === 0) return message
  } catch (cause) {
    throw new MessageRefused('malformed', 'no MLS message', { cause })
  }
  throw new MessageRefused('malformed', 'no MLS message, or one in another spelling')
}

/** Only private messages: public ones would let outsiders propose and join by themselves. */
export function privateOf(message: MLSMessage, bytes: Uint8Array): PrivateMessage {
  if (message.wireformat !== 'mls_private_message') throw new MessageRefused('malformed', `a ${message.wireformat}`)
  const { contentType, epoch, groupId } = message.privateMessage
  if (contentType === 'application' && bytes.length > MAX_TEXT_BYTES)
    throw new MessageRefused('oversized', `a message of ${bytes.length} bytes`)
  if (groupId.length !== 32 || epoch > BigInt(Number.MAX_SAFE_INTEGER))
    throw new MessageRefused('malformed', 'no group of ours')
  return message.privateMessage
}
