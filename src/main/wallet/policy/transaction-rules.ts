import { AbiCoder, Interface, type FunctionFragment } from 'ethers'
import { z } from 'zod'
import { Address } from '@shared/money/address'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { coinWords } from '@shared/money/coin-words'
import type { ContractName } from '@shared/money/contract-name'
import { detail, type SignDetail } from '@shared/wallet/sign-words'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import { CONTRACT_FUNCTIONS, PAYMENTS, type CallEffect } from './contract-functions'
import { refusal } from './refusal'
import { networkOf } from './typed-intent'

/** A transaction of type 2 (EIP-1559), complete but for the signature. */
export const UnsignedTransaction = z.strictObject({
  type: z.literal(2),
  chainId: z.bigint().positive(),
  nonce: z.int().min(0),
  to: Address,
  data: z
    .string()
    .regex(/^0x([0-9a-fA-F]{2})*$/)
    .max(2 + 2 * 128 * 1024),
  value: z.bigint().min(0n),
  gasLimit: z.bigint().min(21_000n).max(30_000_000n),
  maxFeePerGas: z.bigint().min(0n),
  maxPriorityFeePerGas: z.bigint().min(0n),
})
export type UnsignedTransaction = z.infer<typeof UnsignedTransaction>

export interface TransactionEffect extends CallEffect {
  network: WalletNetwork
  /** The contract that is called. */
  contract: ContractName | 'TestFaucet'
  fee: SignDetail
}

const SUPPLY = 1_250_000_000n * WEI_PER_WE
/** One WE-sized coin: no fee of any sane network is near it. */
const MAX_FEE = 10n ** 18n

const ON_TRANSFER = new Interface([
  'function transferAndCall(address to, uint256 value)',
  'function transferAndCall(address to, uint256 value, bytes data)',
])

/** Functions by contract and selector, parsed once. */
const FUNCTIONS = new Map(
  Object.entries(CONTRACT_FUNCTIONS).map(([name, known]) => {
    const abi = new Interface(known.map(({ signature }) => signature))
    return [name, { abi, known }] as const
  }),
)

/**
 * What a transaction does, in words and figures; refused unless it calls a function that the wallet knows, on a pinned
 * contract of a network that is open here, with arguments that encode to exactly these bytes.
 * @throws StudioError `sign-...`
 */
export function readTransaction(
  raw: unknown,
  networks: readonly WalletNetwork[],
): TransactionEffect & { transaction: UnsignedTransaction } {
  const parsed = UnsignedTransaction.safeParse(raw)
  if (!parsed.success) throw refusal('sign-fields', 'this is no complete transaction (EIP-1559).')
  const transaction = parsed.data
  const network = networkOf(networks, transaction.chainId)
  const contract = contractAt(network, transaction.to)
  if (contract === null) {
    throw refusal(
      'sign-contract',
      `it goes to ${transaction.to}, which is no contract of WE Studio on ${network.name}.`,
    )
  }
  if (transaction.value !== 0n)
    throw refusal('sign-value', `it would send coins of ${network.name}; WE Studio only moves WE.`)
  const effect = payment(transaction, network, contract) ?? call(transaction, contract)
  checkSpender(effect, network)
  return { ...effect, network, contract, fee: feeOf(transaction, network), transaction }
}

/** The name of a pinned contract; null for anybody else. */
export function contractAt(network: WalletNetwork, address: string): ContractName | 'TestFaucet' | null {
  if (network.faucet === address) return network.kind === 'local' ? 'TestFaucet' : null
  const found = Object.entries(network.contracts).find(([, pinned]) => pinned === address)
  return (found?.[0] as ContractName | undefined) ?? null
}

function call({ data }: UnsignedTransaction, contract: ContractName | 'TestFaucet'): CallEffect {
  const { abi, known } = FUNCTIONS.get(contract)!
  const fragment = fragmentOf(abi, data)
  if (fragment === null) {
    throw refusal(
      'sign-function',
      `it calls a function of ${contract} (${data.slice(0, 10)}) that this wallet does not sign.`,
    )
  }
  const args = decoded(abi, fragment, data)
  const at = abi.fragments.indexOf(fragment)
  return known[at]!.effect(args)
}

/** WE sent to a contract with what it is for. */
function payment({ data }: UnsignedTransaction, network: WalletNetwork, contract: string): CallEffect | null {
  if (contract !== 'WEToken') return null
  const fragment = fragmentOf(ON_TRANSFER, data)
  if (fragment === null) return null
  const [to, value, inner = '0x'] = decoded(ON_TRANSFER, fragment, data) as unknown as [string, bigint, string?]
  const receiver = contractAt(network, to.toLowerCase())
  const payments = receiver === null || receiver === 'TestFaucet' ? undefined : PAYMENTS[receiver]
  for (const { types, effect } of payments ?? []) {
    const args = decodedExactly(types, inner)
    if (args !== null) return effect(value, args)
  }
  throw refusal('sign-function', 'it pays a contract for something that this wallet does not know.')
}

function fragmentOf(abi: Interface, data: string): FunctionFragment | null {
  return data.length >= 10 ? abi.getFunction(data.slice(0, 10).toLowerCase()) : null
}

/** Encoding again must give the same bytes: nothing may hide behind the arguments that are shown. */
function decoded(abi: Interface, fragment: FunctionFragment, data: string): unknown[] {
  try {
    const args = abi.decodeFunctionData(fragment, data)
    if (abi.encodeFunctionData(fragment, args) === data.toLowerCase()) return args.toArray(true) as unknown[]
  } catch {
    // below
  }
  throw refusal('sign-fields', `its bytes are no call of ${fragment.name} and nothing else.`)
}

function decodedExactly(types: readonly string[], data: string): unknown[] | null {
  try {
    const args = AbiCoder.defaultAbiCoder().decode(types, data)
    const again = AbiCoder.defaultAbiCoder().encode(types, args)
    return again === data.toLowerCase() ? (args.toArray(true) as unknown[]) : null
  } catch {
    return null
  }
}

function checkSpender({ spender, approvesWei = 0n, to }: CallEffect, network: WalletNetwork): void {
  if (spender !== undefined) {
    const name = contractAt(network, spender)
    if (name === null || name === 'TestFaucet' || name === 'WEToken' || name === 'Registry') {
      throw refusal('sign-contract', 'it would let somebody take WE who is no contract of WE Studio.')
    }
    if (approvesWei > SUPPLY) throw refusal('sign-unlimited', 'an unlimited permission. Only exact amounts are signed.')
  }
  if (to !== undefined && (/^0x0{40}$/.test(to) || contractAt(network, to) !== null)) {
    throw refusal('sign-lost', 'WE sent there would be lost: that is a contract, no person.')
  }
}

function feeOf(
  { gasLimit, maxFeePerGas, maxPriorityFeePerGas }: UnsignedTransaction,
  { coin }: WalletNetwork,
): SignDetail {
  if (maxPriorityFeePerGas > maxFeePerGas) throw refusal('sign-fee', 'its fee contradicts itself.')
  const most = gasLimit * maxFeePerGas
  if (most > MAX_FEE)
    throw refusal('sign-fee', 'its network fee could be more than one whole coin. Something is wrong with the node.')
  if (most === 0n) return detail('Network fee', 'None')
  return detail('Network fee', `At most ${coinWords(most)} ${coin ?? 'of the network’s coin'}`)
}
