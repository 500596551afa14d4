import type { WalletNetwork } from '@shared/wallet/wallet-network'

const at = (digit: string): string => `0x${digit.repeat(40)}`

/** A local ledger whose contracts lie at 0x11..., 0x22... and so on. */
export const LOCAL: WalletNetwork = {
  chainId: 0x5745_0000_0001n,
  name: 'Local ledger',
  kind: 'local',
  contracts: {
    WEToken: at('1'),
    GiftCatalog: at('2'),
    GiftRouter: at('3'),
    TipBank: at('4'),
    ContentRegistry: at('5'),
    AccessMarket: at('6'),
    Registry: at('7'),
  },
  faucet: at('8'),
}

/** A real chain with the same contracts. */
export const REAL: WalletNetwork = { ...LOCAL, chainId: 8453n, name: 'Base', kind: 'rpc', faucet: null }
