import { StudioError } from '@shared/errors'
import type { RelayTarget } from '@shared/live/relay-hand-over'

const ANSWER_MS = 6_000

/**
 * Asks a relay whether it would take a show: a POST without a body, which begins nothing.
 * @throws StudioError `relay-unreachable`, `relay-key`, `no-relay`
 */
export async function checkRelay({ url, key }: RelayTarget): Promise<void> {
  let status: number
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(ANSWER_MS),
      redirect: 'error',
    })
    status = answer.status
    await answer.body?.cancel()
  } catch {
    throw new StudioError(
      'relay-unreachable',
      `${new URL(url).host} does not answer. Check the address, and that the relay is running and open to you.`,
    )
  }
  if (status === 204) return
  if (status === 403) {
    throw new StudioError(
      'relay-key',
      'The relay does not know this stream key for this name. Ask whoever runs it for the address and the key that belong together.',
    )
  }
  throw new StudioError('no-relay', `What answers at ${new URL(url).host} is no relay of WE Studio. Check the address.`)
}
