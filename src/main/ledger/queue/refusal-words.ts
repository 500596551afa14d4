import { Interface, type ErrorDescription } from 'ethers'
import { formatWe } from '@shared/money/we-amount'

/** What contracts of ours refuse with: contracts/src and OpenZeppelin's ERC-20 (ERC-6093). */
const ERRORS = new Interface([
  'error Error(string)',
  'error Panic(uint256)',
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
  'error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)',
  'error ERC20InvalidReceiver(address receiver)',
  'error ERC1363ReceiverNotContract(address)',
  'error Paused(uint256 until)',
  'error AlreadyClaimed()',
  'error BadSignature(uint256 index)',
  'error ExitPending()',
  'error NoExit()',
  'error Nothing()',
  'error NotForSale()',
  'error AlreadyBought()',
  'error WrongAmount(uint256 price)',
  'error TooFewPackets(uint256 have)',
  'error NoGift(uint32 id)',
  'error NotYours()',
  'error NotOwner()',
])

const we = (wei: unknown): string => `${formatWe(wei as bigint)} WE`

const WORDS: Readonly<Record<string, (args: ErrorDescription['args']) => string>> = {
  Error: ([reason]) => String(reason),
  ERC20InsufficientBalance: ([, have, needed]) => `it takes ${we(needed)}, and you have ${we(have)}`,
  ERC20InsufficientAllowance: ([, allowed, needed]) => `the contract may take ${we(allowed)} of you, not ${we(needed)}`,
  ERC20InvalidReceiver: () => 'this receiver cannot take WE',
  ERC1363ReceiverNotContract: () => 'this receiver is no contract',
  Paused: () => 'the contract is paused for some days; taking money out goes on working',
  AlreadyClaimed: () => 'this account has had its test WE already',
  BadSignature: () => 'a signature in it is not the payer’s',
  ExitPending: () => 'your deposit is on its way back to you',
  NoExit: () => 'nobody has asked for the deposit back',
  Nothing: () => 'there is nothing to be moved',
  NotForSale: () => 'this is not for sale',
  AlreadyBought: () => 'you have bought this already',
  WrongAmount: ([price]) => `it costs ${we(price)} now`,
  TooFewPackets: ([have]) => `you have ${String(have)} minutes left`,
  NoGift: () => 'this gift is not offered any more',
  NotYours: () => 'it belongs to somebody else',
  NotOwner: () => 'it belongs to somebody else',
}

/** Why a ledger would undo a transaction, as the end of a sentence. `error` is what `eth_call` was refused with. */
export function refusalWords(error: unknown): string {
  const { data, message } = error as { data?: unknown; message?: unknown }
  if (typeof data === 'string' && /^0x[0-9a-f]{8,}$/i.test(data)) {
    try {
      const found = ERRORS.parseError(data)
      const words = found === null ? undefined : WORDS[found.name]
      if (found !== null && words !== undefined) return words(found.args)
    } catch {
      // bytes that are no such error: the node's own words
    }
  }
  const said = (typeof message === 'string' ? message : 'no reason given').slice(0, 200)
  return /insufficient funds/i.test(said) ? 'the account has too little of the network’s coin for it' : said
}
