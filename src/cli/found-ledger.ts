import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { formatLedgerAddress } from '@shared/ledger/ledger-address'
import { MAX_AUTHORITIES } from '@shared/ledger/ledger-limits'
import { Address, ZERO_ADDRESS } from '@shared/money/address'
import { LocalLedgers } from '../main/ledger/embedded/local-ledgers'
import { lockProfile } from '../main/platform/profile-lock'
import { loadDeviceKey } from '../main/wallet/device-key'
import { askPassphrase, defaultDataDir, type CommandContext } from './context'

export interface FoundLedgerArguments {
  action: 'found' | 'authority'
  /** Addresses with commas between them, as `we ledger authority` says them. */
  authorities: string | undefined
  name: string | undefined
  dataDir: string | undefined
}

const MAX_NAME = 80

/**
 * `we ledger authority` says the address of this profile's ledger key; `we ledger found` begins a ledger whose blocks
 * need more than half of such keys. Each of them then follows it, and they make its blocks by themselves.
 */
export async function foundLedgerCommand(args: FoundLedgerArguments, context: CommandContext): Promise<number> {
  const { output } = context
  const profile = args.dataDir ?? defaultDataDir()
  const authorities = args.action === 'found' ? readAuthorities(args.authorities) : []
  const name = args.name?.trim() ?? 'Community'
  if (name === '' || name.length > MAX_NAME) throw usage(`--name has 1 to ${MAX_NAME} letters.`)
  const lock = await lockProfile(profile)
  const ledgers = new LocalLedgers({ dir: join(profile, 'ledgers') })
  try {
    const own = await ledgers.authorityAddress()
    if (args.action === 'authority') {
      output.event('authority', { address: own })
      return 0
    }
    const { id, chainId, height } = await ledgers.found(name, authorities)
    const { peerKey } = await loadDeviceKey(profile, { passphrase: process.env['WE_PASSPHRASE'] ?? askPassphrase })
    const address = formatLedgerAddress(peerKey.publicKey.toString(), id)
    const needed = Math.floor(authorities.length / 2) + 1
    output.event('founded', { address, id, name, chainId, height, authorities, needed })
    output.log(`A block needs ${needed} of ${authorities.length} signatures. Local ledger: test value only.`)
    output.log(`On each authority's computer, this one too: we ledger follow ${address} --peer MULTIADDR`)
    if (!authorities.includes(own)) output.log('The key of this profile is not among them: it makes no blocks.')
    return 0
  } finally {
    await ledgers.close()
    await lock.release()
  }
}

/** @throws StudioError `usage` */
function readAuthorities(text: string | undefined): Address[] {
  const words = (text ?? '').split(',').map((word) => word.trim())
  if (text === undefined || words.length > MAX_AUTHORITIES) {
    throw usage(`Give --authorities with 1 to ${MAX_AUTHORITIES} addresses and commas between them.`)
  }
  const read = words.map((word) => {
    const address = Address.safeParse(word)
    if (!address.success || address.data === ZERO_ADDRESS) {
      throw usage(`“${word}” is no authority: its computer says its address with we ledger authority.`)
    }
    return address.data
  })
  const twice = read.find((address, at) => read.indexOf(address) !== at)
  if (twice !== undefined) throw usage(`${twice} is named twice; each authority has one voice.`)
  return read
}

function usage(message: string): StudioError {
  return new StudioError('usage', `${message} See: npm run -s we -- help`)
}
