import type { MeshMessage } from '@shared/mesh/mesh-message'
import { encodeControl } from '@shared/mesh/mesh-wire'
import type { MeshLinks } from './mesh-member'

/** A peer to whom no stream could be opened in this time is told as gone. */
const CONNECT_MS = 3_000
const MOST_PENDING = 32

interface Pending {
  messages: MeshMessage<string>[]
  /** A stream that is not greeted yet, and how many went out on it already; null: there is none. */
  ahead: { stream: object; sent: number } | null
  timer: NodeJS.Timeout
}

/**
 * Messages of a member on their way, in their order for each peer: they wait for a stream, and for the addresses of those whom they
 * name to be told before them.
 */
export class OutgoingMessages {
  readonly #linked = new Set<string>()
  readonly #pending = new Map<string, Pending>()
  /** Who is being told where others are. */
  readonly #introducing = new Map<string, Promise<void>>()
  #stopped = false

  /** @param onGone no stream to the peer could be opened */
  constructor(
    private readonly links: MeshLinks,
    private readonly onGone: (peerId: string) => void,
  ) {}

  /** Who has a stream. */
  get linked(): ReadonlySet<string> {
    return this.#linked
  }

  send(to: string, message: MeshMessage<string>): void {
    if (this.#linked.has(to)) {
      if (this.#introduces(to, message)) return
      if (this.links.send(to, encodeControl({ type: 'message', message }))) return
      this.#linked.delete(to)
    }
    let pending = this.#pending.get(to)
    if (pending === undefined) {
      const timer = setTimeout(() => {
        this.#pending.delete(to)
        this.onGone(to)
      }, CONNECT_MS)
      pending = { messages: [], ahead: null, timer }
      this.#pending.set(to, pending)
      this.links.connect(to)
    }
    if (pending.messages.length < MOST_PENDING) pending.messages.push(message)
    this.#sendAhead(to, pending)
  }

  /** A stream to this peer was opened from here: who waits to be asked something is asked before it has answered the greeting. */
  opening(peerId: string): void {
    const pending = this.#pending.get(peerId)
    const stream = this.links.stream(peerId)
    if (this.#stopped || pending === undefined || stream === null) return
    pending.ahead = { stream, sent: 0 }
    this.#sendAhead(peerId, pending)
  }

  /** A stream to this peer is open; what waited for it goes with `flush`. */
  up(peerId: string): void {
    this.#linked.add(peerId)
  }

  /** What waited for a stream, less what went ahead on this very one. */
  flush(peerId: string): void {
    const pending = this.#pending.get(peerId)
    this.#pending.delete(peerId)
    clearTimeout(pending?.timer)
    const ahead = pending?.ahead ?? null
    const sent = ahead !== null && ahead.stream === this.links.stream(peerId) ? ahead.sent : 0
    for (const message of pending?.messages.slice(sent) ?? []) this.send(peerId, message)
  }

  down(peerId: string): void {
    this.#linked.delete(peerId)
  }

  /** Addresses of others were told: whom could not be reached before is tried again. */
  retry(): void {
    for (const peerId of this.#pending.keys()) this.links.connect(peerId)
  }

  stop(): void {
    this.#stopped = true
    for (const { timer } of this.#pending.values()) clearTimeout(timer)
  }

  /** True for a message that goes out when the peer was told where those are whom it names; others do not overtake it. */
  #introduces(to: string, message: MeshMessage<string>): boolean {
    const named = namedIn(message)
    const told = named.length === 0 ? null : this.links.introduce(to, named)
    const before = this.#introducing.get(to)
    if (told === null && before === undefined) return false
    const done = Promise.all([before, told]).then(() => {
      if (this.#introducing.get(to) === done) this.#introducing.delete(to)
      if (!this.#stopped && !this.links.send(to, encodeControl({ type: 'message', message }))) this.send(to, message)
    })
    this.#introducing.set(to, done)
    return true
  }

  /** In their order, up to one that names others: they must be introduced before, which is done among members only. */
  #sendAhead(to: string, { messages, ahead }: Pending): void {
    if (ahead === null || this.links.stream(to) !== ahead.stream) return
    for (; ahead.sent < messages.length; ahead.sent++) {
      const message = messages[ahead.sent]!
      if (namedIn(message).length > 0 || !this.links.send(to, encodeControl({ type: 'message', message }))) return
    }
  }
}

/** Peers that the receiver of a message may have to dial. */
function namedIn(message: MeshMessage<string>): string[] {
  switch (message.type) {
    case 'assign':
      return [
        ...new Set([...message.places.flatMap(({ parent, standby, to }) => [parent, standby, to]), ...message.others]),
      ].filter((peer) => peer !== null)
    case 'redirect':
      return message.to
    case 'attach':
      return message.to === null ? [] : [message.to]
    case 'move':
      return [message.to]
    default:
      return []
  }
}
