import { request as httpRequest, type ClientRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { RelayTarget } from '@shared/live/relay-hand-over'
import type { RelayPushState } from '@shared/live/foreign-relay'
import { encodeGroupFrame, encodeManifestFrame, encodeRecordFrame } from '@shared/live/relayed-show'
import type { Log } from '../platform/log'
import type { SealedChunk } from './mesh/chunk-sealer'

/** Waits before it is tried again, milliseconds; the last one for ever. */
const RETRIES_MS = [300, 1_000, 3_000]
/** Bytes that may wait for the line; beyond that the rest of the group is left out. */
const MOST_WAITING_BYTES = 2 * 1024 * 1024
/** The newest group, for a relay that is reached in the middle of it. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024
const LAST_WORDS_MS = 3_000
/** A connection that lasted so long was a good one. */
const GOOD_MS = 5_000
/** A connection that is not answered for so long is taken. */
const SETTLED_MS = 1_000
const WORDS: Readonly<Record<string, string>> = {
  'answered 403': 'The relay does not take the stream key any more.',
  'answered 404': 'What answers there is no relay.',
  'answered 503': 'The relay is full.',
}

/**
 * Hands a show to a relay as it goes to the peers: one long POST, begun anew for as long as the show lasts. A slow line
 * loses the rest of a group; nothing piles up.
 */
export class RelayPush {
  readonly #manifest: Uint8Array
  #request: ClientRequest | null = null
  #retry: NodeJS.Timeout | undefined
  #attempts = 0
  #group: Uint8Array[] = []
  #groupBytes = 0
  #isGroupWhole = false
  #skipping = true
  #closed = false

  constructor(
    private readonly target: RelayTarget,
    signedManifest: Uint8Array,
    private readonly log: Log,
    private readonly onState: (state: RelayPushState) => void = () => undefined,
  ) {
    this.#manifest = encodeManifestFrame(signedManifest)
    this.#connect()
  }

  /** One chunk of the show; parity is left out. */
  chunk({ head, frames, list }: SealedChunk): void {
    if (head.key) {
      this.#group = []
      this.#groupBytes = 0
      this.#isGroupWhole = true
      this.#skipping = false
      this.#send(encodeGroupFrame(head.chunk))
    }
    if (list !== null && head.start) this.#send(list)
    for (const frame of frames.slice(0, head.k)) this.#send(frame)
  }

  /** The final record; nothing comes after it. */
  async end(signedRecord: Uint8Array): Promise<void> {
    // between two tries it is tried once more: viewers of this relay alone would take the end for a loss
    if (this.#request === null && !this.#closed) {
      clearTimeout(this.#retry)
      this.#connect()
    }
    const request = this.#request
    this.#write(encodeRecordFrame(signedRecord))
    this.#closed = true
    if (request !== null) {
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, LAST_WORDS_MS)
        request.once('close', () => {
          clearTimeout(limit)
          resolve()
        })
        request.end()
      })
    }
    this.close()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#request?.destroy()
    this.#request = null
    this.#group = []
  }

  #send(frame: Uint8Array): void {
    if (this.#isGroupWhole) {
      this.#group.push(frame)
      this.#groupBytes += frame.length
      if (this.#groupBytes > MOST_KEPT_BYTES) {
        this.#group = []
        this.#isGroupWhole = false
      }
    }
    if (!this.#skipping) this.#write(frame)
  }

  #write(frame: Uint8Array): void {
    const request = this.#request
    if (request === null) return
    if (request.writableLength + frame.length > MOST_WAITING_BYTES) this.#skipping = true
    else request.write(frame)
  }

  #say(state: RelayPushState['state'], message: string): void {
    if (!this.#closed) this.onState({ url: this.target.url, state, message })
  }

  #connect(): void {
    const { url, key } = this.target
    const open = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = open(url, {
      method: 'POST',
      agent: false, // a connection of its own, which ends with the show
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/octet-stream' },
    })
    const openedAt = performance.now()
    let settled: NodeJS.Timeout | undefined
    // a relay answers only what it does not take
    request.on('socket', (socket) => {
      socket.once(url.startsWith('https:') ? 'secureConnect' : 'connect', () => {
        settled = setTimeout(() => this.#say('sending', ''), SETTLED_MS)
      })
    })
    const fail = (why: string): void => {
      clearTimeout(settled)
      if (this.#request !== request) return
      if (performance.now() - openedAt > GOOD_MS) this.#attempts = 0
      this.#request = null
      request.destroy()
      if (this.#closed) return
      this.log('warn', 'the relay does not take the show', { url, why })
      this.#say('failed', WORDS[why] ?? 'The relay does not answer.')
      const wait = RETRIES_MS[Math.min(this.#attempts++, RETRIES_MS.length - 1)]
      this.#retry = setTimeout(() => this.#connect(), wait)
    }
    request.on('error', (error) => fail(error.message))
    request.on('response', (response) => {
      response.resume()
      fail(`answered ${response.statusCode}`)
    })
    request.on('close', () => fail('closed'))
    request.setNoDelay(true)
    this.#request = request
    request.flushHeaders()
    request.write(this.#manifest)
    this.#skipping = !this.#isGroupWhole
    for (const frame of this.#group) this.#write(frame)
  }
}
