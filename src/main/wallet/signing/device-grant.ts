import { createPrivateKey, sign } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sign } from '@shared/live/signed-record'
import { GRANT_SCOPES, keyGrantProblem, SignedKeyGrant } from '@shared/wallet/key-grant'
import { deviceX25519, x25519Public } from '../../platform/device-x25519'
import { writeBeside } from '../../platform/write-beside'
import { deviceSeed, type DeviceKey } from '../device-key'

const GRANT_SECONDS = 365 * 24 * 3600
/** Made anew while the old one still holds, so that nobody meets one that has run out. */
const RENEW_SECONDS = 30 * 24 * 3600
/** PKCS #8 of an Ed25519 key (RFC 8410), before its 32 bytes. */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Public keys of a device, 0x and 64 digits each. X25519 is derived from the device's seed, for sealed messages. */
export function deviceKeys(key: DeviceKey): { device: string; x25519: string } {
  return {
    device: `0x${Buffer.from(key.peerKey.publicKey.raw).toString('hex')}`,
    x25519: `0x${Buffer.from(x25519Public(deviceX25519(deviceSeed(key)))).toString('hex')}`,
  }
}

/** Signs records with the device's own key; no account is needed for it. */
export function deviceSigner(key: DeviceKey): Sign {
  const der = Buffer.concat([ED25519_PREFIX, deviceSeed(key)])
  const own = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return (payload) => new Uint8Array(sign(null, payload, own))
}

export type GrantMessage = Omit<SignedKeyGrant, 'signature'>

/** What the account signs for its own device, from now on for a year. */
export function newGrant(account: string, key: DeviceKey, now: number): GrantMessage {
  return { account, ...deviceKeys(key), scopes: GRANT_SCOPES, notBefore: now, expires: now + GRANT_SECONDS, nonce: now }
}

/** The grants that were given for this device, one file for each account. */
export class GrantFiles {
  constructor(private readonly folder: string) {}

  /** A grant that holds for a month at least; null when one has to be made. */
  async find(account: string, key: DeviceKey, now: number): Promise<SignedKeyGrant | null> {
    const text = await readFile(this.#path(account), 'utf8').catch(() => '')
    try {
      const grant = SignedKeyGrant.parse(JSON.parse(text))
      const { device, x25519 } = deviceKeys(key)
      const later = { device, scope: 'live', now: now + RENEW_SECONDS }
      const fits = grant.account === account && grant.x25519 === x25519 && grant.scopes === GRANT_SCOPES
      return fits && keyGrantProblem(grant, later) === null ? grant : null
    } catch {
      return null
    }
  }

  async keep(grant: SignedKeyGrant): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await writeBeside(this.#path(grant.account), `${JSON.stringify(grant)}\n`, { mode: 0o600 })
  }

  #path(account: string): string {
    return join(this.folder, `${account}.json`)
  }
}
