import { Interface } from 'ethers/abi'

/** What of the contracts the gifts use; `contracts/src` says what each does. */
export const TOKEN_ABI = new Interface([
  'function balanceOf(address) view returns (uint256)',
  'function transferAndCall(address to, uint256 value, bytes data) returns (bool)',
])

export const BANK_ABI = new Interface([
  'function accountOf(address payer) view returns (uint256 balance, uint256 collateral, uint256 exitAt)',
  'function paidOf(address payer, address creator, address sharer, uint16 sharerBps) view returns (uint256)',
  'function owed(address) view returns (uint256)',
  'function feeBps() view returns (uint256)',
  'function settle(address creator, address sharer, uint16 sharerBps, bytes records) returns (uint256 amount)',
  'function withdraw() returns (uint256)',
])

export const CATALOG_ABI = new Interface([
  'function lastId() view returns (uint32)',
  'function defineFee() view returns (uint256)',
  'function giftOf(uint32 id) view returns (uint256 price, address designer, uint256 designerBps, bool retired)',
  'event GiftDefined(uint32 indexed id, address indexed designer, uint16 designerBps, uint256 price, string mediaCid, string text)',
])

export const MARKET_ABI = new Interface([
  'function packetsOf(address) view returns (uint256)',
  'function packetPrice() view returns (uint256)',
  'function livePackets(address creator, bytes32 packetHash) view returns (uint256)',
  'function refund(uint256 count)',
  'function startLive(bytes32 packetHash, uint256 count)',
])

export const FAUCET_ABI = new Interface(['function claim()', 'function hasClaimed(address) view returns (bool)'])
