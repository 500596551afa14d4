import { isIP } from 'node:net'
import { StudioError } from '@shared/errors'
import { LOCAL_NETWORKS } from '../../platform/local-networks'
import { refuseLogin, serverUrl } from '../rtmp-out/server-url'

/** Whether an address is one for WHIP and not for RTMP. */
export function isWhipAddress(text: string): boolean {
  return /^\s*https?:/i.test(text)
}

/**
 * Reads the address of a WHIP endpoint (RFC 9725), such as `https://live.example.com/whip`. Without encryption only inside
 * the own network: whoever reads along would have the key.
 * @throws StudioError `bad-destination`
 */
export function parseWhipAddress(text: string): URL {
  const url = isWhipAddress(text) ? serverUrl(text) : null
  if (!url || url.hostname === '') {
    throw new StudioError(
      'bad-destination',
      'This is no address of a WHIP server. It looks like https://live.example.com/whip and is shown by the service.',
    )
  }
  refuseLogin(url)
  if (!mayCarryKey(url)) {
    throw new StudioError(
      'bad-destination',
      'This address begins with http://, so everybody on the way could read your stream key. Use its https:// address.',
    )
  }
  url.hash = ''
  return url
}

/** Whether a key may be sent there: encrypted, or not beyond the own network. */
export function mayCarryKey({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true
  if (protocol !== 'http:') return false
  const host = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  if (family !== 0) return LOCAL_NETWORKS.check(host, family === 6 ? 'ipv6' : 'ipv4')
  return host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local') || !host.includes('.')
}
