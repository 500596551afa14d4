import { secp256k1 } from '@noble/curves/secp256k1.js'
import { createFeeMarket1559Tx } from '@ethereumjs/tx'
import type { EmbeddedLedger } from '../../src/main/ledger/embedded/embedded-ledger'
import { keccak256 } from '../../src/main/ledger/embedded/keccak'

/** Selectors of TestFaucet and of ERC-20. */
const CLAIM = '4e71d92d'
const TRANSFER = 'a9059cbb'

function secret(index: number): Uint8Array {
  return keccak256(new TextEncoder().encode(`bench account ${index}`))
}

function addressOf(index: number): string {
  return Buffer.from(keccak256(secp256k1.getPublicKey(secret(index), false).subarray(1)).subarray(12)).toString('hex')
}

function signed(ledger: EmbeddedLedger, from: number, nonce: number, contract: string, data: string): Uint8Array {
  const to = ledger.contracts.get(contract)! as `0x${string}`
  const fields = { to, nonce, gasLimit: 200_000, maxFeePerGas: 0, maxPriorityFeePerGas: 0, data: `0x${data}` as const }
  return createFeeMarket1559Tx(fields, { common: ledger.chain }).sign(secret(from)).serialize()
}

/** One claim of test WE for each account. */
export function claims(ledger: EmbeddedLedger, accounts: number): Uint8Array[] {
  return Array.from({ length: accounts }, (_, index) => signed(ledger, index, 0, 'TestFaucet', CLAIM))
}

/** Transfers of 1 WE, each account in turn to the next one. */
export function transfers(ledger: EmbeddedLedger, accounts: number, count: number): Uint8Array[] {
  const amount = (10n ** 18n).toString(16).padStart(64, '0')
  const addresses = Array.from({ length: accounts }, (_, index) => addressOf(index).padStart(64, '0'))
  return Array.from({ length: count }, (_, index) => {
    const from = index % accounts
    const to = addresses[(from + 1) % accounts]!
    return signed(ledger, from, 1 + Math.floor(index / accounts), 'WEToken', TRANSFER + to + amount)
  })
}
