import { StudioError } from '../errors'
import { publicKeyOfPeerId } from '../live/peer-id-key'

/** Where a ledger can be had: its genesis hash, and a peer that has it where one is named. */
export interface LedgerAddress {
  /** 64 hexadecimal digits. */
  ledger: string
  peerId: string | null
}

/** `we://PEERID/ledger/GENESIS`, for people to pass on. */
export function formatLedgerAddress(peerId: string, ledger: string): string {
  return `we://${peerId}/ledger/${ledger}`
}

/** Reads such an address, or a genesis hash alone. Throws StudioError `bad-ledger-address`. */
export function parseLedgerAddress(text: string): LedgerAddress {
  const [, peerId = null, ledger] = /^(?:we:\/\/([A-Za-z0-9]{20,80})\/ledger\/)?([0-9a-f]{64})$/.exec(text.trim()) ?? []
  if (ledger === undefined || (peerId !== null && publicKeyOfPeerId(peerId) === null)) {
    throw new StudioError(
      'bad-ledger-address',
      'This is no address of a ledger. It looks like we://12D3Koo…/ledger/ and 64 digits; copy it from its host.',
    )
  }
  return { ledger, peerId }
}
