import { isIP } from 'node:net'

/** Who may read over HTTP, apart from who can reach the port at all. */
export interface HttpAccess {
  /** Web pages of other origins whose scripts may read the lives: exact origins, or `*` for every page. */
  origins: readonly string[]
  /** Only this computer is meant: names that were bent to it (DNS rebinding) are refused. */
  loopbackOnly: boolean
}

/** Whether the request's Host header names this relay. */
export function isOwnHost(host: string | undefined, access: HttpAccess): boolean {
  if (!access.loopbackOnly) return true
  const name = (host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || isIP(name) !== 0
}

/** The header that lets a page of `origin` read the answer; empty when it may not. */
export function crossOrigin(origin: string | undefined, { origins }: HttpAccess): Record<string, string> {
  if (origins.includes('*')) return { 'Access-Control-Allow-Origin': '*' }
  if (origin === undefined || !origins.includes(origin)) return {}
  return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }
}

/** Nothing from elsewhere, nothing inline, no frames. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Goes with every answer. */
export const ALWAYS = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }
