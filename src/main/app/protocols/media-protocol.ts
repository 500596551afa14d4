import { protocol } from 'electron'
import type { PlayerFile } from '@shared/engines/peer-service'
import { parsePlayerUrl, type PlayerRequest } from './player-url'

/** Serves verified media of the watched live to the window's player. */
export function serveMedia(fetchFile: (request: PlayerRequest) => Promise<PlayerFile | null>, origin: string): void {
  const headers = {
    'access-control-allow-origin': origin,
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-store',
  }
  protocol.handle('media', async (request) => {
    const parsed = request.method === 'GET' ? parsePlayerUrl(request.url) : null
    const file = parsed ? await fetchFile(parsed).catch(() => null) : null
    if (!file) return new Response('Not found', { status: 404, headers })
    return new Response(file.bytes as Uint8Array<ArrayBuffer>, {
      status: 200,
      headers: { ...headers, 'content-type': file.contentType, 'content-length': String(file.bytes.byteLength) },
    })
  })
}
