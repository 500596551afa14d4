import { protocol } from 'electron'
import type { PlayerFile } from '@shared/engines/peer-service'
import { APP_ORIGIN } from './app-protocol'

export interface PlayerRequest {
  viewId: string
  name: string
  /** LL-HLS blocking reload: answer only when this media sequence number is in the playlist. */
  blockUntilSeq: number | null
}

const VIEW_ID = /^[a-z0-9-]{1,64}$/
const FILE_NAME = /^[a-z0-9.-]{1,128}$/i

/** `media://live/<view>/<file>` and nothing else; null: not such an address. */
export function parsePlayerUrl(address: string): PlayerRequest | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== 'media:' || url.host !== 'live') return null
  const [, viewId = '', name = '', ...rest] = url.pathname.split('/')
  if (rest.length > 0 || !VIEW_ID.test(viewId) || !FILE_NAME.test(name)) return null
  const msn = url.searchParams.get('_HLS_msn')
  return { viewId, name, blockUntilSeq: msn !== null && /^\d{1,15}$/.test(msn) ? Number(msn) : null }
}

/** The player's address of a live; see `parsePlayerUrl`. */
export function playlistUrl(viewId: string): string {
  return `media://live/${viewId}/index.m3u8`
}

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

export const DEFAULT_PLAYER_ORIGIN = APP_ORIGIN
