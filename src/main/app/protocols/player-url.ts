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

/** `media://file/<CID>`: its CID; null: not such an address. */
export function parseFileUrl(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== 'media:' || url.host !== 'file') return null
  return /^\/([A-Za-z0-9]{46,120})$/.exec(url.pathname)?.[1] ?? null
}

/** `media://draft/<id>`: the id of a video that is about to be published; null: not such an address. */
export function parseDraftUrl(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== 'media:' || url.host !== 'draft') return null
  return /^\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1] ?? null
}

/** The player's address of a live; see `parsePlayerUrl`. */
export function playlistUrl(viewId: string): string {
  return `media://live/${viewId}/index.m3u8`
}
