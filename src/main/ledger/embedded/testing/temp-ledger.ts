import { Interface, Wallet, type TransactionLike } from 'ethers'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GenesisCall } from '@shared/ledger/genesis'
import { genesisAddress } from '../contract-address'
import type { EmbeddedLedger } from '../embedded-ledger'
import { TILL_ABI, TILL_BYTECODE } from './till'

/** The genesis of test ledgers: one till. */
export const TILL_GENESIS: GenesisCall[] = [
  { to: null, data: new Uint8Array(Buffer.from(TILL_BYTECODE.slice(2), 'hex')), name: 'Till' },
]
export const TILL_ADDRESS = `0x${Buffer.from(genesisAddress(0)).toString('hex')}`
export const TILL = new Interface(TILL_ABI)

/** A limit that tests of other things never reach. */
export const FREELY = { burst: 1e9, perSender: 1e6, total: 1e6 }

const folders: string[] = []

export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'we-ledger-'))
  folders.push(folder)
  return folder
}

/** To be called after the tests of a file. */
export async function removeTempFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
}

/** Accounts that are the same in every run. */
export function testWallet(index: number): Wallet {
  return new Wallet(`0x${(index + 1).toString(16).padStart(64, '0')}`)
}

/** A signed payment into the till, as bytes. */
export async function payment(
  wallet: Wallet,
  chainId: number,
  nonce: number,
  amount: bigint,
  changes: TransactionLike = {},
): Promise<Uint8Array> {
  const signed = await wallet.signTransaction({
    type: 2,
    chainId,
    nonce,
    to: TILL_ADDRESS,
    data: TILL.encodeFunctionData('pay', [amount]),
    gasLimit: 120_000,
    maxFeePerGas: 0,
    maxPriorityFeePerGas: 0,
    ...changes,
  })
  return new Uint8Array(Buffer.from(signed.slice(2), 'hex'))
}

/** Resolves at the block of this height. */
export function reached(ledger: EmbeddedLedger, height: number): Promise<void> {
  if (ledger.head.height >= height) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = ledger.onBlock((head) => {
      if (head.height < height) return
      stop()
      resolve()
    })
  })
}
