import type { IceServer } from 'node-datachannel'

const MAX_LINKS = 8
const MAX_HEADER = 8192

/**
 * STUN and TURN servers that a service names in `Link: <stun:host:port>; rel="ice-server"` headers (RFC 9725, 4.6).
 * What cannot be read is left out.
 */
export function iceServersOf(header: string): (string | IceServer)[] {
  const servers: (string | IceServer)[] = []
  for (const [, url, parameters] of header.slice(0, MAX_HEADER).matchAll(/<([^<>\s]+)>([^<]*)/g)) {
    if (servers.length >= MAX_LINKS) break
    const fields = new Map(
      [...parameters!.matchAll(/;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/g)].map(([, name, quoted, plain]) => [
        name!.toLowerCase(),
        quoted ?? plain!,
      ]),
    )
    if (fields.get('rel') !== 'ice-server') continue
    const [, scheme, hostname, port, query] =
      /^(stun|turn|turns):([\w.-]{1,253}|\[[\da-f:]{2,39}\])(?::(\d{1,5}))?(?:\?(\S{0,64}))?$/i.exec(url!) ?? []
    if (scheme === undefined || hostname === undefined) continue
    const number = port === undefined ? (scheme === 'turns' ? 5349 : 3478) : Number(port)
    if (number < 1 || number > 65_535) continue
    if (scheme === 'stun') {
      servers.push(`stun:${hostname}:${number}`)
      continue
    }
    const username = fields.get('username')
    const password = fields.get('credential')
    if (username === undefined || password === undefined) continue
    const relayType = scheme === 'turns' ? 'TurnTls' : /transport=tcp/i.test(query ?? '') ? 'TurnTcp' : 'TurnUdp'
    servers.push({ hostname, port: number, username, password, relayType })
  }
  return servers
}
