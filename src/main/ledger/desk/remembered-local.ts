import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LedgerNetwork } from '@shared/ledger/ledger-network'
import { writeBeside } from '../../platform/write-beside'

const NAME = 'local-network.json'
/** JSON has no bigint. */
const Stored = LedgerNetwork.extend({
  chainId: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt),
}).pipe(LedgerNetwork)

/** Writes down which ledger this computer has, so that another process can read its index meanwhile. */
export async function rememberLocal(dir: string, network: LedgerNetwork): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await writeBeside(join(dir, NAME), JSON.stringify({ ...network, chainId: network.chainId.toString() }))
}

/** Null where there is none yet. */
export async function rememberedLocal(dir: string): Promise<LedgerNetwork | null> {
  try {
    return Stored.parse(JSON.parse(await readFile(join(dir, NAME), 'utf8')))
  } catch {
    return null
  }
}
