import { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'

const SHA2_256 = 0x12

/**
 * What the ledger calls a content: the sha2-256 digest of its CID, 0x. Takes a CID, a we:// or ipfs:// link to one, or
 * the digest itself. Throws StudioError `bad-content`.
 */
export function contentDigest(text: string): string {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase()
  const name = /([A-Za-z0-9]{46,120})(?:[#?].*)?$/.exec(text.trim())?.[1]
  try {
    const { multihash } = CID.parse(name ?? '')
    if (multihash.code === SHA2_256) return `0x${Buffer.from(multihash.digest).toString('hex')}`
  } catch {
    // said below
  }
  throw new StudioError(
    'bad-content',
    'This is no address of content. Use a CID (bafy…), a link with one, or a 0x digest of 64 digits.',
  )
}
