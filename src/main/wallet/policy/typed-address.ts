import { getAddress } from 'ethers'
import type { Address } from '@shared/money/address'

export type TypedAddress = { address: Address; shown: string } | { problem: string }

/** An address as a person typed or pasted it; mixed case must carry the right checksum (EIP-55). */
export function readTypedAddress(text: string): TypedAddress {
  const trimmed = text.trim()
  if (!/^0x[0-9a-fA-F]{40}$/.test(trimmed)) {
    return { problem: 'An address is 0x and 40 digits (0-9, a-f). Copy it whole.' }
  }
  const digits = trimmed.slice(2)
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  const shown = getAddress(trimmed.toLowerCase())
  if (isMixed && shown !== trimmed) {
    return { problem: 'This address has a typing error: its capital letters do not fit. Copy it again.' }
  }
  return { address: trimmed.toLowerCase(), shown }
}
