/**
 * The typed data (EIP-712) that the wallet signs; anything else it refuses. The key types are the same on every network,
 * hence their domain without chain and contract; the others name the chain and the contract that will read them.
 */
export interface TypedField {
  readonly name: string
  readonly type: string
}

/** One growing total for each (payer, creator, sharer, sharerBps): [Note: Tabs] in contracts/src/TipBank.sol. */
const Tab = [
  { name: 'payer', type: 'address' },
  { name: 'creator', type: 'address' },
  { name: 'sharer', type: 'address' },
  { name: 'sharerBps', type: 'uint16' },
  { name: 'total', type: 'uint96' },
  { name: 'count', type: 'uint32' },
  { name: 'chain', type: 'bytes32' },
] as const satisfies readonly TypedField[]

/** ERC-2612. */
const Permit = [
  { name: 'owner', type: 'address' },
  { name: 'spender', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint256' },
] as const satisfies readonly TypedField[]

/** The account lets a device sign its records: Ed25519 and X25519 public keys, Unix seconds, scopes as words. */
const KeyGrant = [
  { name: 'account', type: 'address' },
  { name: 'device', type: 'bytes32' },
  { name: 'x25519', type: 'bytes32' },
  { name: 'scopes', type: 'string' },
  { name: 'notBefore', type: 'uint64' },
  { name: 'expires', type: 'uint64' },
  { name: 'nonce', type: 'uint64' },
] as const satisfies readonly TypedField[]

/** Entries of the device above `lastN` are refused; `lastId` is the CID of that entry, empty when it has none. */
const KeyRevoke = [
  { name: 'account', type: 'address' },
  { name: 'device', type: 'bytes32' },
  { name: 'lastN', type: 'uint64' },
  { name: 'lastId', type: 'bytes' },
] as const satisfies readonly TypedField[]

export const TYPED_DATA = { Tab, Permit, KeyGrant, KeyRevoke } as const
export type PrimaryType = keyof typeof TYPED_DATA

/** Domain of what is signed for a contract. `Permit` uses the token's own name. */
export interface ContractDomain {
  name: 'WE TipBank' | 'WE'
  version: '1'
  chainId: bigint
  verifyingContract: string
}

/** Domain of key grants and revocations: one identity on every network. */
export const IDENTITY_DOMAIN = { name: 'WE Identity', version: '1' } as const
