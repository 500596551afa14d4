import type { Verify } from '../live/signed-record'
import { keyGrantProblem } from '../wallet/key-grant'
import { FollowBody, DelBody } from './bodies/reactions'
import { ProfileBody } from './bodies/people'
import { ListBody } from './bodies/moderation'
import { ChatBody, RoomBody } from './bodies/rooms'
import type { BodyOf } from './body-schema'
import type { BodySchema } from './body-schemas'
import { readBody } from './entry-body'
import { readEnvelope, signedBytes, type Envelope } from './entry-envelope'
import { entryIdText } from './entry-id'
import { MAX_AHEAD_MS } from './entry-limits'
import { EntryRefused } from './entry-refused'
import { scopeOfKind } from './entry-scope'
import { GRANT_KIND, GrantBody } from './key-entries'
import type { SentEntry } from './log-messages'
import { roomOwner } from './room-name'
import { readRoomMessage, type RoomMessage } from './room-message'

/** What the checks need of the machine: both synchronous. */
export interface RoomCrypto {
  readonly verify: Verify
  /** sha2-256. */
  readonly digest: (bytes: Uint8Array) => Uint8Array
}

type RoomKind = 'chat' | 'room' | 'del' | 'list'

/** An entry said in a room, of which everything was checked. */
export type RoomEntry = RoomAuthor &
  (
    | { readonly kind: 'chat'; readonly body: BodyOf<'chat'> }
    /** Null: too large for a topic, it is asked for. */
    | { readonly kind: 'room'; readonly body: RoomBody | null }
    | { readonly kind: 'del'; readonly body: BodyOf<'del'> }
    /** Anybody's, which the room's owner named: it comes with history, never over the topic. */
    | { readonly kind: 'list'; readonly body: BodyOf<'list'> }
  )

interface RoomAuthor {
  readonly id: string
  /** 64 hex digits. */
  readonly device: string
  readonly account: string
  readonly n: number
  readonly t: number
  readonly expires?: number
  /** What its author is called, if the message said it or one before it. */
  readonly name: string | null
  /** Whether the message proves that its author follows the room's owner. */
  readonly follows: boolean
}

/** Form, time, size and body hold; who signed it is not known yet. */
export interface OpenedRoomEntry extends Pick<Envelope, 'header' | 'headerBytes' | 'signature'> {
  readonly id: string
  readonly device: string
  readonly kind: RoomKind
  readonly content: unknown
  readonly message: RoomMessage
}

/**
 * [Note: Every byte of a message]
 * A message is passed on as it came, so each part of it is checked each time, if only against what was checked before: a
 * line with a torn grant would convince those who know its device, and be held against them by those who do not.
 */
interface Grant {
  readonly id: string
  readonly bodyHash: Uint8Array
  readonly notBefore: number
  readonly expires: number
  readonly scopes: readonly string[]
}

interface Device {
  readonly account: string
  grants: Grant[]
  name: string | null
  /** Extra entries that were checked, by id; `followed`: of a follow, of what. */
  readonly extras: Map<string, { readonly bodyHash: Uint8Array; readonly followed: string | null }>
}

const SCHEMAS: ReadonlyMap<string, BodySchema> = new Map<string, BodySchema>([
  ['chat', ChatBody],
  ['room', RoomBody],
  ['del', DelBody],
  ['list', ListBody],
])
const MAX_DEVICES = 10_000
const MAX_GRANTS = 4
const MAX_EXTRAS_KEPT = 4

/**
 * Reads and checks what is said in rooms. The account's signature under a device's grant costs as much as twenty of the
 * device and is checked once for each device; of devices the longest unheard are forgotten.
 */
export class RoomReader {
  readonly #devices = new Map<string, Device>()

  constructor(private readonly crypto: RoomCrypto) {}

  /**
   * Everything but signatures. Throws EntryRefused `oversized`, `malformed`, `not-canonical`, `body`, `future`.
   * @param now Unix milliseconds
   */
  open(bytes: Uint8Array, room: string, now: number): OpenedRoomEntry {
    const message = readRoomMessage(bytes)
    const { envelope, body } = message.entry
    const { header, headerBytes, signature } = readEnvelope(envelope)
    const schema = SCHEMAS.get(header.kind)
    if (schema === undefined) throw new EntryRefused('malformed', `a ${header.kind} has no place in a room`)
    const kind = header.kind as RoomKind
    if (body === null && kind !== 'room') throw new EntryRefused('body', 'nothing is said')
    if (header.t > now + MAX_AHEAD_MS) throw new EntryRefused('future', `dated ${header.t - now} ms ahead`)
    const content = body === null ? null : this.#content(header, body, schema)
    if ((kind === 'chat' || kind === 'room') && content !== null && (content as { room: string }).room !== room) {
      throw new EntryRefused('malformed', 'of another room')
    }
    const id = entryIdText(this.crypto.digest(envelope))
    return { id, device: hexOf(header.device), header, headerBytes, signature, kind, content, message }
  }

  /** Whether checking it costs no signature of an account. */
  isKnown({ device, message }: OpenedRoomEntry): boolean {
    return this.#knownGrant(this.#devices.get(device), message.grant) !== undefined
  }

  /** The account of a device that was heard before; null: not known yet. */
  accountOf(device: string): string | null {
    return this.#devices.get(device)?.account ?? null
  }

  /**
   * All signatures. Throws EntryRefused `signature`, `grant`, and for extras as `open`.
   * @param isJudged the node's own judge has checked the signatures, in another process
   */
  check(opened: OpenedRoomEntry, room: string, isJudged = false): RoomEntry {
    const { id, header, kind, content, message, device: name } = opened
    if (!isJudged && !this.#isSigned(opened)) throw new EntryRefused('signature', 'its device did not sign it')
    const { device, grant } = this.#device(opened, isJudged)
    if (!covers(grant, kind, header.t)) throw new EntryRefused('grant', `its device may write no ${kind}`)
    const owner = roomOwner(room)
    let follows = false
    for (const extra of message.extras) {
      const followed = this.#extra(device, grant, opened, extra)
      follows ||= owner !== null && followed !== null && isAbout(followed, owner)
    }
    const { n, t, expires } = header
    const author = { id, device: name, account: device.account, n, t, name: device.name, follows }
    return { ...author, ...(expires === undefined ? {} : { expires }), kind, body: content } as RoomEntry
  }

  #content(header: Envelope['header'], body: Uint8Array, schema: BodySchema): unknown {
    if (body.length !== header.bodySize || !isSame(this.crypto.digest(body), header.bodyHash)) {
      throw new EntryRefused('body', 'another body than was signed')
    }
    const parsed = schema.safeParse(readBody(body))
    if (!parsed.success) throw new EntryRefused('malformed', `no ${header.kind}`)
    return parsed.data
  }

  #isSigned({ header, headerBytes, signature }: Pick<Envelope, 'header' | 'headerBytes' | 'signature'>): boolean {
    return this.crypto.verify(header.device, signedBytes(headerBytes), signature)
  }

  /** What is known of its device, and the grant of the message, checked if it is another than before. */
  #device(opened: OpenedRoomEntry, isJudged: boolean): { device: Device; grant: Grant } {
    const { device: name, message } = opened
    let device = this.#devices.get(name)
    let grant = this.#knownGrant(device, message.grant)
    if (grant === undefined || device === undefined) {
      const fresh = this.#grant(opened, message.grant, isJudged)
      grant = fresh.grant
      if (device !== undefined && device.account !== fresh.account) {
        throw new EntryRefused('grant', 'its device acts for another account')
      }
      device ??= { account: fresh.account, grants: [], name: null, extras: new Map() }
      device.grants = [grant, ...device.grants].slice(0, MAX_GRANTS)
    }
    this.#devices.delete(name) // the longest unheard comes first in a Map
    this.#devices.set(name, device)
    if (this.#devices.size > MAX_DEVICES) this.#devices.delete(this.#devices.keys().next().value!)
    return { device, grant }
  }

  #knownGrant(device: Device | undefined, { envelope, body }: SentEntry): Grant | undefined {
    if (device === undefined || body === null) return undefined
    const id = entryIdText(this.crypto.digest(envelope))
    const known = device.grants.find((one) => one.id === id)
    return known !== undefined && isSame(this.crypto.digest(body), known.bodyHash) ? known : undefined
  }

  /** An entry of the same device's log, signed by it: no account can claim a device that did not ask it to. */
  #grant(
    { header: { device } }: OpenedRoomEntry,
    sent: SentEntry,
    isJudged: boolean,
  ): { account: string; grant: Grant } {
    const envelope = readEnvelope(sent.envelope)
    const { header } = envelope
    if (header.kind !== GRANT_KIND || sent.body === null || !isSame(header.device, device)) {
      throw new EntryRefused('grant', 'no grant of its device')
    }
    const parsed = GrantBody.safeParse(this.#content(header, sent.body, GrantBody))
    if (!parsed.success || (!isJudged && !this.#isSigned(envelope))) {
      throw new EntryRefused('grant', 'no grant that its device took')
    }
    const { account, scopes, notBefore, expires } = parsed.data
    const words = scopes.split(' ')
    // which kinds and times it covers is asked of each entry: here only what it says itself
    const itself = { device: `0x${hexOf(device)}`, scope: words[0]!, now: notBefore }
    const problem = isJudged ? null : keyGrantProblem(parsed.data, itself)
    if (problem !== null) throw new EntryRefused('grant', problem)
    const id = entryIdText(this.crypto.digest(sent.envelope))
    return { account, grant: { id, bodyHash: header.bodyHash.slice(), notBefore, expires, scopes: words } }
  }

  /** Checks a further entry of the device. Whom it follows; null: it says something else. */
  #extra(device: Device, grant: Grant, { header: { device: key } }: OpenedRoomEntry, sent: SentEntry): string | null {
    const id = entryIdText(this.crypto.digest(sent.envelope))
    const known = device.extras.get(id)
    if (known !== undefined && sent.body !== null && isSame(this.crypto.digest(sent.body), known.bodyHash)) {
      return known.followed
    }
    const envelope = readEnvelope(sent.envelope)
    const { header } = envelope
    if (sent.body === null || !isSame(header.device, key)) throw new EntryRefused('other-log', 'of another device')
    const isProfile = header.kind === 'profile'
    if (!isProfile && header.kind !== 'follow') throw new EntryRefused('malformed', `a ${header.kind} as an extra`)
    const content = this.#content(header, sent.body, isProfile ? ProfileBody : FollowBody)
    if (!this.#isSigned(envelope)) throw new EntryRefused('signature', 'its device did not sign it')
    if (!covers(grant, header.kind, header.t)) throw new EntryRefused('grant', 'before its grant')
    if (isProfile) device.name = (content as BodyOf<'profile'>).name
    const followed = isProfile ? null : (content as BodyOf<'follow'>).s
    device.extras.set(id, { bodyHash: header.bodyHash.slice(), followed })
    if (device.extras.size > MAX_EXTRAS_KEPT) device.extras.delete(device.extras.keys().next().value!)
    return followed
  }
}

function covers({ notBefore, expires, scopes }: Grant, kind: string, t: number): boolean {
  return notBefore <= t / 1000 && t / 1000 < expires && scopes.includes(scopeOfKind(kind))
}

/** A follow of the owner or of one of its channels. */
function isAbout(followed: string, owner: string): boolean {
  return followed === `acct:${owner}` || followed.startsWith(`chan:${owner}/`)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
