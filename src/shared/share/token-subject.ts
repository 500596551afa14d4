import { keccak256, toUtf8Bytes } from 'ethers'
import { CID } from 'multiformats/cid'
import { parseSubject } from '../community/subject'
import { contentIdOf } from '../gifts/gift-chain'
import type { Bytes32 } from '../money/address'

/** What a sharer's token names: the digest in a CID; of people and channels, which have none, keccak256 of the subject. */
export function tokenSubject(subject: string): Bytes32 {
  if (parseSubject(subject)?.type === 'entry') return contentIdOf(CID.parse(subject))
  return keccak256(toUtf8Bytes(`we-studio/share-subject/1\0${subject}`))
}
