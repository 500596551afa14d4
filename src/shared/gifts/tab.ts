import { keccak256 } from 'ethers/crypto'
import type { Address, Bytes32 } from '../money/address'
import { TYPED_DATA, type ContractDomain } from '../wallet/typed-data'
import { abiWords } from './abi-words'
import { hexToBytes } from './hex-bytes'
import { MAX_COUNT, MAX_TOTAL } from './tab-limits'

/** What the payer owes a creator so far: one growing total for each line (payer, creator, sharer, sharerBps). */
export interface Tab {
  payer: Address
  creator: Address
  /** Zero address when nobody shared. */
  sharer: Address
  /** The sharer's part of the rest after the fee, in 1/10,000; as the creator had published it. */
  sharerBps: number
  /** Wei, over all gifts of the line. */
  total: bigint
  /** Signatures given on this line. */
  count: number
  /** `nextChain` over all its gifts. */
  chain: Bytes32
}

/** One line of a tab, as text that is equal for equal lines. */
export function lineOf({ payer, creator, sharer, sharerBps }: Omit<Tab, 'total' | 'count' | 'chain'>): string {
  return `${payer}/${creator}/${sharer}/${sharerBps}`
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

const TAB_TYPE = keccak256(ascii(`Tab(${TYPED_DATA.Tab.map(({ name, type }) => `${type} ${name}`).join(',')})`))
const DOMAIN_TYPE = keccak256(
  ascii('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
)

/** EIP-712 domain separator. */
export function domainSeparator({ name, version, chainId, verifyingContract }: ContractDomain): Bytes32 {
  return keccak256(
    abiWords([DOMAIN_TYPE, keccak256(ascii(name)), keccak256(ascii(version)), chainId, verifyingContract]),
  )
}

/** What the payer signs: EIP-712 digest of the tab under a `domainSeparator`. Throws RangeError outside its types. */
export function tabDigest(separator: Bytes32, tab: Tab): Bytes32 {
  const { payer, creator, sharer, sharerBps, total, count, chain } = tab
  if (total > MAX_TOTAL || count > MAX_COUNT || sharerBps > 0xffff) throw new RangeError('outside the types of a tab')
  const struct = keccak256(abiWords([TAB_TYPE, payer, creator, sharer, sharerBps, total, count, chain]))
  const bytes = new Uint8Array(66)
  bytes.set([0x19, 0x01])
  bytes.set(hexToBytes(separator), 2)
  bytes.set(hexToBytes(struct), 34)
  return keccak256(bytes)
}
