import type { IncomingMessage, ServerResponse } from 'node:http'
import { MAX_OFFER } from '../rtc/offered-media'

/** An offer is one or two packets: whoever takes longer holds a place that others want, milliseconds. */
const OFFER_MS = 10_000

/** The offer that a request posts; null when it has none: then it was answered. */
export async function offerOf(request: IncomingMessage, response: ServerResponse): Promise<string | null> {
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/sdp') {
    say(request, response, 415, 'An offer is application/sdp.')
    return null
  }
  const chunks: Buffer[] = []
  let length = 0
  const timer = setTimeout(() => request.destroy(), OFFER_MS)
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length
      if (length > MAX_OFFER) {
        say(request, response, 413, 'This is longer than any offer.')
        return null
      }
      chunks.push(chunk as Buffer)
    }
  } catch {
    return null // the connection broke; nobody hears an answer
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks).toString()
}

/** Answers in words; of a body that has not come, nothing more is read. */
export function say(request: IncomingMessage, response: ServerResponse, status: number, words: string): void {
  if (!request.complete) {
    response.setHeader('Connection', 'close')
    response.once('finish', () => request.destroy())
  }
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
    .end(`${words}\n`)
}
