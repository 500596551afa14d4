import type { LiveAddress } from '@shared/live/live-url'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import { openShowRecord, type ShowRecord } from '@shared/live/segment-record'
import { openManifest, type ShowManifest } from '@shared/live/show-manifest'
import { RecordRefused } from '@shared/live/signed-record'
import { recordCid } from './content-id'
import { verifyEd25519 } from '../platform/ed25519'
import type { GossipVerdict } from './gossip-topics'
import { allOf, isKnown, rememberHolds, type Holds } from './holds'
import type { LiveSwarm, SwarmMember } from './live-swarm'
import { ShowChain } from './show-chain'

/** Verified records kept, as all neighbours send the same ones: those of about 15 s. */
const REMEMBERED = 32

/**
 * The gate of a view: manifests and records of peers pass it only when their signature, their show and their place in
 * the sequence hold. Whoever sends something else is refused by the swarm.
 */
export class ShowIntake {
  readonly #address: LiveAddress
  readonly #publicKey: Uint8Array
  readonly #swarm: LiveSwarm
  readonly #chain = new ShowChain()
  readonly #verified: { signed: Uint8Array; record: ShowRecord; cid: string }[] = []
  #manifest: { manifest: ShowManifest; signed: Uint8Array } | null = null

  constructor(address: LiveAddress, swarm: LiveSwarm) {
    const publicKey = publicKeyOfPeerId(address.peerId)
    if (publicKey === null) throw new TypeError('an address without a public key')
    this.#address = address
    this.#publicKey = publicKey
    this.#swarm = swarm
  }

  /** The verified manifest and its signed bytes, once it came. */
  get manifest(): { manifest: ShowManifest; signed: Uint8Array } | null {
    return this.#manifest
  }

  /** The number of the final record, once it is known. */
  get finalSeq(): number | null {
    return this.#chain.finalSeq
  }

  /** True when these bytes are the manifest of this show, signed by its broadcaster. For what comes from a relay. */
  isManifest(signed: Uint8Array): boolean {
    return recordCid(signed).toString() === this.#address.showCid
  }

  /** True when these bytes are the show's manifest and it was not known before. @param member null: from a relay */
  takeManifest(member: SwarmMember | null, signed: Uint8Array): boolean {
    if (this.#manifest !== null) return false
    let manifest: ShowManifest
    try {
      manifest = openManifest(signed, verifyEd25519)
    } catch (error) {
      const fault = faultOf(error)
      if (member) this.#swarm.refuse(member.peerId, fault)
      return false
    }
    if (manifest.peerId !== this.#address.peerId || recordCid(signed).toString() !== this.#address.showCid) {
      if (member) this.#swarm.refuse(member.peerId, 'wrong-show')
      return false
    }
    this.#manifest = { manifest, signed }
    return true
  }

  /**
   * Judges a record from a peer, or from gossip (no member). `record` is given when it is new. A peer whose record is
   * good counts as a holder of what it says from now on.
   */
  takeRecord(
    member: SwarmMember | null,
    signed: Uint8Array,
    holds: Holds,
  ): { verdict: GossipVerdict; record: ShowRecord | null } {
    if (this.#manifest === null) return { verdict: 'ignore', record: null }
    let record: ShowRecord
    let cid: string
    try {
      ;({ record, cid } = this.#openRecord(signed))
    } catch (error) {
      if (member) this.#swarm.refuse(member.peerId, faultOf(error))
      return { verdict: 'reject', record: null }
    }
    const { seq } = record
    if (member && !fits(record, holds)) {
      this.#swarm.refuse(member.peerId, 'malformed', seq)
      return { verdict: 'reject', record: null }
    }
    if (member && isKnown(member.announced, seq, holds)) {
      this.#swarm.refuse(member.peerId, 'replayed', seq)
      return { verdict: 'reject', record: null }
    }
    const verdict = this.#chain.accept(record, cid)
    switch (verdict) {
      case 'rolled-back':
        if (member) this.#swarm.refuse(member.peerId, verdict, seq)
        return { verdict: 'ignore', record: null }
      case 'fork':
      case 'after-end':
        // signed by the broadcaster: who passed it on may be honest, but does not hold what is played here
        this.#swarm.report(member?.peerId ?? this.#address.peerId, verdict, seq)
        return { verdict: 'reject', record: null }
      case 'known':
      case 'new':
        if (member) rememberHolds(member.announced, seq, holds)
        return verdict === 'new' ? { verdict: 'accept', record } : { verdict: 'ignore', record: null }
    }
  }

  /** Each record is verified once, however many send it. Throws RecordRefused. */
  #openRecord(signed: Uint8Array): { record: ShowRecord; cid: string } {
    const known = this.#verified.find((one) => Buffer.compare(one.signed, signed) === 0)
    if (known !== undefined) return known
    const record = openShowRecord(signed, this.#address.showCid, this.#publicKey, verifyEd25519)
    const opened = { signed, record, cid: recordCid(signed).toString() }
    this.#verified.unshift(opened)
    if (this.#verified.length > REMEMBERED) this.#verified.pop()
    return opened
  }
}

/** Who announces a segment holds at least one of its renditions, and none that it does not have. */
function fits(record: ShowRecord, holds: Holds): boolean {
  return record.final ? holds === 0 : holds > 0 && holds <= allOf(record)
}

function faultOf(error: unknown): string {
  if (error instanceof RecordRefused) return error.fault
  throw error
}
