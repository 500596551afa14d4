import type { GenesisCall } from '@shared/ledger/genesis'
import { localDeployment } from '../../../../contracts/deployment'
import { SYSTEM_SENDER } from './found-ledger'

/** The product's contracts and the faucet of test WE, at the same addresses on every local ledger. */
export function localGenesisCalls(): GenesisCall[] {
  const sender = `0x${Buffer.from(SYSTEM_SENDER).toString('hex')}`
  return localDeployment(sender).map(({ name, data }) => ({
    to: null,
    data: new Uint8Array(Buffer.from(data.slice(2), 'hex')),
    name,
  }))
}
