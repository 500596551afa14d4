import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Eip1193Call } from '@shared/ledger/eip-1193'
import { encodeGenesis, type GenesisCall } from '@shared/ledger/genesis'
import type { AdmissionLimits } from '@shared/ledger/ledger-limits'
import { StudioError } from '@shared/errors'
import { EmbeddedLedger } from './embedded-ledger'
import { loadHostKey } from './host-key'
import { LedgerRpc } from './ledger-rpc'

export interface OpenLedgerOptions {
  /** Folder of this ledger: its key and its database. */
  dir: string
  /** Steps of the genesis of a new ledger, by default the product's contracts; an existing one keeps its own. */
  calls?: readonly GenesisCall[]
  name?: string
  /** Unix milliseconds. */
  clock?: () => number
  admission?: Partial<AdmissionLimits>
}

/** A ledger of this computer as an EIP-1193 provider: `new ethers.BrowserProvider(opened)` works on it. */
export interface OpenLedger {
  readonly ledger: EmbeddedLedger
  /** Throws an RpcError: `code` and `data` as JSON-RPC has them. */
  request(request: Eip1193Call): Promise<unknown>
  close(): Promise<void>
}

/** Opens the ledger that this computer hosts in the folder, or makes it. */
export async function openLedger({ dir, calls, name = 'local', ...options }: OpenLedgerOptions): Promise<OpenLedger> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const key = await loadHostKey(dir)
  const folder = join(dir, 'blocks')
  const open = (genesis?: Uint8Array): Promise<EmbeddedLedger> =>
    EmbeddedLedger.open({ folder, key, ...options, ...(genesis === undefined ? {} : { genesis }) })
  let ledger: EmbeddedLedger
  try {
    ledger = await open()
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'ledger-new')) throw error
    const t = Math.floor((options.clock ?? Date.now)() / 1000)
    const steps = calls ?? (await import('./local-genesis')).localGenesisCalls()
    ledger = await open(encodeGenesis({ v: 1, name, t, authorities: [key.address], calls: [...steps] }))
  }
  const rpc = new LedgerRpc(ledger)
  return { ledger, request: (request) => rpc.request(request), close: () => ledger.close() }
}
