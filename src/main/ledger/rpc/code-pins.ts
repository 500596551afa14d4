import { keccak256 } from 'ethers'
import { StudioError } from '@shared/errors'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { PinnedContract } from '@shared/ledger/ledger-network'
import type { ContractName } from '@shared/money/contract-name'

/** keccak256 of the code that a ledger has at an address; null where there is none. */
export async function codeHashAt(ledger: Eip1193, address: string): Promise<string | null> {
  const code = await ledger.request({ method: 'eth_getCode', params: [address, 'latest'] })
  if (typeof code !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(code)) {
    throw new StudioError('rpc-garbled', 'The node does not say which code a contract has.')
  }
  return code === '0x' ? null : keccak256(code)
}

/** Throws StudioError `code-differs` when the code at a pinned address is not the one that was trusted. */
export async function checkPin(ledger: Eip1193, host: string, name: ContractName, pin: PinnedContract): Promise<void> {
  const found = await codeHashAt(ledger, pin.address)
  if (found === pin.codeHash) return
  const what = found === null ? 'there is no contract' : 'there is another contract'
  throw new StudioError(
    'code-differs',
    `According to ${host}, ${what} at the address of ${name}. Nothing is signed for this network. ` +
      'Use another node, or remove the network and add it again with addresses that you trust.',
  )
}
