import { verifyTypedData } from 'ethers'
import { SignedKeyGrant } from './signed-key-grant'
import { IDENTITY_DOMAIN, TYPED_DATA } from './typed-data'

export { SignedKeyGrant } from './signed-key-grant'

/** Clocks of two computers may differ by so much: a grant just given holds on one whose clock is behind. */
const CLOCK_SECONDS = 600

export const GRANT_SCOPES = 'live record gift chat'

/**
 * Whether a grant from outside is what it says: signed by its account, for this device, for the purpose, and in force.
 * Null when it is, else why not, in words for a log. Never throws.
 * @param about the device that signed a record (32 bytes hex), what it did, and when, Unix seconds
 */
export function keyGrantProblem(raw: unknown, about: { device: string; scope: string; now: number }): string | null {
  const parsed = SignedKeyGrant.safeParse(raw)
  if (!parsed.success) return 'it has another shape'
  const { signature, ...message } = parsed.data
  if (message.device !== about.device.toLowerCase()) return 'it is for another device'
  if (!message.scopes.split(' ').includes(about.scope)) return `it is not for ${about.scope}`
  if (about.now + CLOCK_SECONDS < message.notBefore) return 'it is not in force yet'
  if (about.now >= message.expires) return 'it has run out'
  try {
    const signer = verifyTypedData(IDENTITY_DOMAIN, { KeyGrant: [...TYPED_DATA.KeyGrant] }, message, signature)
    return signer.toLowerCase() === message.account ? null : 'somebody else signed it'
  } catch {
    return 'its signature is none'
  }
}
