import { StudioError } from '@shared/errors'

const MAX_URL = 1024

/** The address of a server as a person gave it; null: it is none. */
export function serverUrl(text: string): URL | null {
  return text.length <= MAX_URL && URL.canParse(text.trim()) ? new URL(text.trim()) : null
}

/** @throws StudioError `bad-destination` for an address that has a login in it, which would be shown and kept in the open */
export function refuseLogin(url: URL): void {
  if (url.username === '' && url.password === '') return
  throw new StudioError('bad-destination', 'Leave name and password out of the address; they belong to the stream key.')
}
