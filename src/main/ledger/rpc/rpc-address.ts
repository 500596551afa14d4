import { isIP } from 'node:net'
import { StudioError } from '@shared/errors'

/**
 * Reads the address of an RPC node. Plain http is taken only where nobody can listen in between: on this computer and
 * in the local network. Throws StudioError `bad-rpc-address`.
 */
export function parseRpcAddress(text: string): URL {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    throw bad('This is no address. It looks like https://rpc.example.org.')
  }
  if (url.username !== '' || url.password !== '') {
    throw bad('A user name or a password in the address is not supported. Use the address with a key in its path.')
  }
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:') throw bad('An RPC address begins with https://, or http:// on this computer.')
  if (!isNear(url.hostname)) throw bad('Over the internet the address must begin with https://.')
  return url
}

/** Where the node is, for people: the path and the query of the address may hold a key. */
export function rpcHost(text: string): string {
  return URL.canParse(text) ? new URL(text).host : 'the node'
}

/** Loopback and private ranges: RFC 1918, RFC 4193, RFC 3927. */
function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (host === 'localhost') return true
  if (isIP(host) === 4) return /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host)
  return isIP(host) === 6 && (host === '::1' || /^(f[cd]|fe[89ab])/.test(host))
}

function bad(message: string): StudioError {
  return new StudioError('bad-rpc-address', message)
}
