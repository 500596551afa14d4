import { protocol } from 'electron'
import type { PlayerFile } from '@shared/engines/peer-service'
import { diskResponse } from './disk-response'
import { parseDraftUrl, parseFileUrl, parsePlayerUrl, type PlayerRequest } from './player-url'

/** Serves verified media of the watched live, files by CID, and drafts of videos to the window's player. */
export function serveMedia(
  fetchFile: (request: PlayerRequest) => Promise<PlayerFile | null>,
  fetchByCid: (cid: string, request: Request, headers: Record<string, string>) => Promise<Response>,
  draftFile: (id: string) => string | null,
  origin: string,
): void {
  const headers = {
    'access-control-allow-origin': origin,
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-store',
  }
  protocol.handle('media', async (request) => {
    const cid = request.method === 'GET' || request.method === 'HEAD' ? parseFileUrl(request.url) : null
    if (cid !== null) {
      return fetchByCid(cid, request, headers).catch(() => new Response('Not available', { status: 503, headers }))
    }
    const draft = request.method === 'GET' ? parseDraftUrl(request.url) : null
    if (draft !== null) return diskResponse(draftFile(draft), request, headers)
    const parsed = request.method === 'GET' ? parsePlayerUrl(request.url) : null
    const file = parsed ? await fetchFile(parsed).catch(() => null) : null
    if (!file) return new Response('Not found', { status: 404, headers })
    return new Response(file.bytes as Uint8Array<ArrayBuffer>, {
      status: 200,
      headers: { ...headers, 'content-type': file.contentType, 'content-length': String(file.bytes.byteLength) },
    })
  })
}
