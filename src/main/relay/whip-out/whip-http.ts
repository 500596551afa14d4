import { request as requestHttp, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { IceServer } from 'node-datachannel'
import { StudioError } from '@shared/errors'
import { certificateWords } from '../certificate-words'
import { iceServersOf } from './ice-servers'
import { mayCarryKey } from './whip-address'

const MAX_REDIRECTS = 5
/** Answers of real services are below 10 KB. */
const MAX_ANSWER = 64 * 1024
/** How long a goodbye may take, milliseconds. */
const GOODBYE_MS = 2_000

export interface WhipRequest {
  /** Sent as `Authorization: Bearer`; empty: the service wants none. */
  token: string
  signal: AbortSignal
  /** Certificates to trust besides the system's; tests. */
  ca?: string | undefined
}

/** What a service has answered to an offer. */
export interface WhipAnswer {
  sdp: string
  /** What to DELETE at the end; null where the service has named nothing. */
  resource: URL | null
  iceServers: (string | IceServer)[]
}

/**
 * Hands an offer in (RFC 9725, 4.2). Redirects are followed with the key, which the service that redirects has anyway,
 * but never to where it would travel in the clear.
 * @throws StudioError `destination-refused` (the service said no), `destination-unreachable`, `destination-not-trusted`,
 * `destination-not-whip`; or the signal's reason
 */
export async function postOffer(endpoint: URL, offer: string, asked: WhipRequest): Promise<WhipAnswer> {
  let url = endpoint
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const { response, body } = await ask('POST', url, asked, offer)
    const status = response.statusCode ?? 0
    const location = placeOf(response, url)
    if ([301, 302, 307, 308].includes(status)) {
      if (!location || !mayCarryKey(location) || (url.protocol === 'https:' && location.protocol !== 'https:')) {
        throw notWhip(`${url.host} sends the show on to an address that is not safe`)
      }
      url = location
      continue
    }
    if (status !== 201 && status !== 200) throw refused(status, url)
    const type = response.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/sdp' || !body.startsWith('v=0')) throw notWhip(`${url.host} gave no answer to the offer`)
    if (/^m=video 0 /m.test(body)) {
      throw new StudioError(
        'destination-refused',
        'The service does not take this kind of picture (H.264 as your live has it). Use its RTMP address instead.',
      )
    }
    const iceServers = iceServersOf([response.headers.link ?? []].flat().join(', '))
    // the key goes back to where it was taken, or encrypted
    const isFit = location && (location.origin === url.origin || location.protocol === 'https:')
    return { sdp: body, resource: isFit ? location : null, iceServers }
  }
  throw notWhip(`${endpoint.host} sends the show from address to address without end`)
}

/** Says goodbye (RFC 9725, 4.2): the service ends the show at once. A service that does not listen is not waited for. */
export async function deleteSession(resource: URL, asked: Omit<WhipRequest, 'signal'>): Promise<void> {
  if (!mayCarryKey(resource)) return
  await ask('DELETE', resource, { ...asked, signal: AbortSignal.timeout(GOODBYE_MS) }).catch(() => undefined)
}

function ask(
  method: 'POST' | 'DELETE',
  url: URL,
  { token, signal, ca }: WhipRequest,
  body?: string,
): Promise<{ response: IncomingMessage; body: string }> {
  signal.throwIfAborted()
  const headers: OutgoingHttpHeaders = {
    'User-Agent': 'WE Studio',
    ...(token !== '' && { Authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'Content-Type': 'application/sdp', 'Content-Length': Buffer.byteLength(body) }),
  }
  return new Promise((resolve, reject) => {
    const options = { method, headers, signal, agent: false as const }
    const answered = (response: IncomingMessage): void => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length <= MAX_ANSWER) chunks.push(chunk)
        else response.destroy(notWhip(`${url.host} answers without end`))
      })
      response.on('error', fail)
      response.on('end', () => resolve({ response, body: Buffer.concat(chunks).toString() }))
    }
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, ...(ca !== undefined && { ca }) }, answered)
        : requestHttp(url, options, answered)
    const fail = (error: Error): void => {
      reject(signal.aborted ? (signal.reason as Error) : error instanceof StudioError ? error : notReached(url, error))
    }
    request.on('error', fail)
    request.end(body)
  })
}

function placeOf({ headers }: IncomingMessage, base: URL): URL | null {
  const { location } = headers
  return location !== undefined && location.length <= 2048 && URL.canParse(location, base.href)
    ? new URL(location, base)
    : null
}

function refused(status: number, { host }: URL): StudioError {
  const words: Partial<Record<number, string>> = {
    401: 'The service does not know this stream key. Check the key, and that the service allows you to go live.',
    403: 'The service does not take the show with this stream key. Check the key, and that the service allows you to go live.',
    404: `There is nothing at this address of ${host}. Check the address; the service shows it beside the key.`,
    406: 'The service does not take this kind of picture (H.264 as your live has it). Use its RTMP address instead.',
    409: 'Somebody is live with this stream key already. Stop the other program first.',
    429: 'The service wants to be asked less often.',
  }
  const told =
    words[status] ??
    (status >= 500
      ? `The service has a fault of its own (${status}). It may be over in a moment.`
      : `${host} does not take the show at this address (${status}). Check that it is the address for WHIP.`)
  return new StudioError('destination-refused', told)
}

function notWhip(what: string): StudioError {
  return new StudioError('destination-not-whip', `${what}. Check the address; it must be one for WHIP.`)
}

function notReached(url: URL, error: Error): StudioError {
  const why = certificateWords(error)
  if (why !== null) {
    return new StudioError(
      'destination-not-trusted',
      `${url.hostname} is not to be trusted: ${why}. Nothing was sent, and your stream key neither. Check the address; if it is right, the service must repair its server.`,
      { cause: error },
    )
  }
  const { code } = error as NodeJS.ErrnoException
  const reason =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? 'there is no such server'
      : code === 'ECONNREFUSED'
        ? 'nothing answers at this port'
        : 'the network does not get there'
  return unreachable(url, reason)
}

export function unreachable({ hostname }: URL, why: string): StudioError {
  return new StudioError(
    'destination-unreachable',
    `${hostname} cannot be reached: ${why}. Check the address and your internet connection.`,
  )
}
