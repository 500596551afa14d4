import type { LiveListing } from '@shared/live/live-listing'
import { formatLiveUrl } from '@shared/live/live-url'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import { MAX_ALIVE_BYTES, openAlive } from '@shared/live/show-alive'
import { MAX_MANIFEST_BYTES, openManifest, type ShowManifest } from '@shared/live/show-manifest'
import { RecordRefused } from '@shared/live/signed-record'
import { recordCid } from './content-id'
import { verifyEd25519 } from '../platform/ed25519'
import type { GossipVerdict } from './gossip-topics'

/** Topic on which broadcasters say what is on. */
export const DIRECTORY_TOPIC = '/we/shows/1'
/** Between two signs of life of a show. */
export const ALIVE_EACH_MS = 2_000
/** A show that was not heard of for this long is taken off the list. */
export const SILENT_AFTER_MS = 8_000
/** Clocks of two people may differ; what is older was recorded and is played back. */
const MAX_CLOCK_DIFFERENCE_MS = 10 * 60_000
const MAX_SHOWS = 256
/** Shows of one broadcaster on the list: nobody fills it alone. */
const MAX_SHOWS_EACH = 4
const MAX_REMEMBERED_ENDS = 1024

interface Entry {
  manifest: ShowManifest
  signedManifest: Uint8Array
  heardAt: number
  saidAt: number
  /** Relays that carry it, as its broadcaster said last. */
  relays: readonly string[]
}

/** The line of the list for a verified manifest. */
export function listingOf(showCid: string, manifest: ShowManifest, own: boolean): LiveListing {
  const { peerId, title, category, startedAt, width, height, gifts } = manifest
  const about = { peerId, title, category, startedAt, width, height, own, ...(gifts === undefined ? {} : { gifts }) }
  return { url: formatLiveUrl({ peerId, showCid }), ...about }
}

/** One message of the directory: length of the manifest (u16, big endian), signed manifest, signed sign of life. */
export function encodeListing(signedManifest: Uint8Array, signedAlive: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + signedManifest.length + signedAlive.length)
  new DataView(bytes.buffer).setUint16(0, signedManifest.length)
  bytes.set(signedManifest, 2)
  bytes.set(signedAlive, 2 + signedManifest.length)
  return bytes
}

/** The shows heard of on the directory topic, each verified. Pure but for the clock it is given. */
export class ShowDirectory {
  readonly #ownPeerId: string
  readonly #shows = new Map<string, Entry>()
  readonly #ended = new Set<string>()

  constructor(ownPeerId: string) {
    this.#ownPeerId = ownPeerId
  }

  /** Newest show first. */
  lives(): LiveListing[] {
    return [...this.#shows]
      .map(([cid, { manifest }]) => listingOf(cid, manifest, manifest.peerId === this.#ownPeerId))
      .sort((a, b) => b.startedAt - a.startedAt || a.url.localeCompare(b.url))
  }

  /** Judges one message of the topic; `changed` when the list is another one now. */
  take(message: Uint8Array, now: number): { verdict: GossipVerdict; changed: boolean } {
    const refused = { verdict: 'reject', changed: false } as const
    const ignored = { verdict: 'ignore', changed: false } as const
    if (message.length < 2 || message.length > 2 + MAX_MANIFEST_BYTES + MAX_ALIVE_BYTES) return refused
    const length = new DataView(message.buffer, message.byteOffset, 2).getUint16(0)
    const signedManifest = message.subarray(2, 2 + length)
    const showCid = recordCid(signedManifest).toString()
    const known = this.#shows.get(showCid)
    try {
      const manifest = known?.manifest ?? openManifest(signedManifest, verifyEd25519)
      const publicKey = publicKeyOfPeerId(manifest.peerId)
      if (publicKey === null) return refused
      const alive = openAlive(message.subarray(2 + length), showCid, publicKey, verifyEd25519)
      if (alive.t <= (known?.saidAt ?? 0) || Math.abs(now - alive.t) > MAX_CLOCK_DIFFERENCE_MS) return ignored
      if (this.#ended.has(showCid)) return ignored
      if (alive.state === 'ended') {
        this.#rememberEnd(showCid)
        return { verdict: 'accept', changed: this.#shows.delete(showCid) }
      }
      if (known === undefined && !this.#hasRoom(manifest.peerId)) return ignored
      const { t: saidAt, relays = [] } = alive
      this.#shows.set(showCid, { manifest, signedManifest: signedManifest.slice(), heardAt: now, saidAt, relays })
      return { verdict: 'accept', changed: known === undefined }
    } catch (error) {
      if (error instanceof RecordRefused) return refused
      throw error
    }
  }

  /** Where else a show can be had, by the word of its broadcaster; null when nothing was heard of it lately. */
  relaysOf(showCid: string): readonly string[] | null {
    return this.#shows.get(showCid)?.relays ?? null
  }

  /** Takes silent shows off the list; true when there were some. */
  expire(now: number): boolean {
    let changed = false
    for (const [cid, { heardAt }] of this.#shows) {
      if (now - heardAt > SILENT_AFTER_MS) changed = this.#shows.delete(cid) || changed
    }
    return changed
  }

  #hasRoom(peerId: string): boolean {
    const same = [...this.#shows.values()].filter(({ manifest }) => manifest.peerId === peerId).length
    return same < MAX_SHOWS_EACH && this.#shows.size < MAX_SHOWS
  }

  #rememberEnd(showCid: string): void {
    this.#ended.add(showCid)
    const oldest = this.#ended.values().next()
    if (this.#ended.size > MAX_REMEMBERED_ENDS && !oldest.done) this.#ended.delete(oldest.value)
  }
}
