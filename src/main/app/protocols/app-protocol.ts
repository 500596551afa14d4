import { net, protocol, type Protocol } from 'electron'
import { pathToFileURL } from 'node:url'
import { resolveInside } from './inside-root'

export const APP_ORIGIN = 'app://studio'
/** The wallet's sheet: another origin, and another session. */
export const SHEET_ORIGIN = 'app://wallet-sheet'

/** The window's own policy: own scripts only, media and playlists from the media scheme, nothing from outside. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' media: data: blob:",
  "font-src 'self' data:",
  'media-src media: blob:',
  "connect-src 'self' media:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Must run synchronously while the main module loads, before `ready`. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    {
      scheme: 'media',
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
    },
  ])
}

/** Serves the built renderer from `root` at app://studio/ with the headers that isolate it. */
export function serveApp(root: string): void {
  serveFiles(protocol, APP_ORIGIN, root)
}

/** Serves the files of `root` at an origin of the app scheme, in the session that the protocol belongs to. */
export function serveFiles(own: Protocol, origin: string, root: string): void {
  const { host } = new URL(origin)
  own.handle('app', async (request) => {
    const url = new URL(request.url)
    const file = url.host === host && request.method === 'GET' ? resolveInside(root, url.pathname) : null
    if (!file) return new Response('Not found', { status: 404 })
    const found = await net.fetch(pathToFileURL(file).href).catch(() => null)
    if (!found?.ok) return new Response('Not found', { status: 404 })
    const headers = new Headers(found.headers)
    headers.set('content-security-policy', CONTENT_SECURITY_POLICY)
    headers.set('cross-origin-opener-policy', 'same-origin')
    headers.set('cross-origin-embedder-policy', 'require-corp')
    headers.set('x-content-type-options', 'nosniff')
    return new Response(found.body, { status: 200, headers })
  })
}
