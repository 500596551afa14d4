import type { RtpPacket } from './rtp-packet'

/** More than a second of 4 Mbit/s. */
const MAX_WAITING = 512
/** A packet that was asked for again comes within this time or not at all, milliseconds. */
const PATIENCE_MS = 250
const MAX_ASKED = 64
/** Numbers that jump further belong to another stream. */
const MAX_JUMP = 2048

/** Puts the packets of one track in order by their numbers, waits a little for what is missing, then goes on without. */
export class RtpReorder {
  lostInAll = 0
  /** Highest number with its rounds. */
  highest = -1
  private next = -1
  private lateSince = 0
  private readonly waiting = new Map<number, RtpPacket>()

  /** @param deliver gets the packets in order; null: some are missing here */
  constructor(private readonly deliver: (packet: RtpPacket | null) => void) {}

  /** @param now milliseconds of any steady clock */
  push(packet: RtpPacket, now: number): void {
    if (this.highest < 0) {
      this.highest = packet.sequence
      this.next = packet.sequence
    }
    const distance = ((packet.sequence - this.highest) << 16) >> 16
    const number = this.highest + distance
    if (Math.abs(distance) > MAX_JUMP) {
      this.waiting.clear()
      this.highest = packet.sequence
      this.next = packet.sequence
      this.deliver(null)
      this.waiting.set(this.next, packet)
      this.drain(now)
      return
    }
    if (number < this.next) return // twice, or too late
    this.highest = Math.max(this.highest, number)
    this.waiting.set(number, packet)
    this.drain(now)
  }

  /** Numbers to ask for again; gives up those that are too late. To be called some times a second. */
  missing(now: number): number[] {
    if (this.waiting.size === 0) return []
    if (now - this.lateSince > PATIENCE_MS) {
      this.skip(now)
      return []
    }
    const missing: number[] = []
    for (let number = this.next; number < this.highest && missing.length < MAX_ASKED; number++) {
      if (!this.waiting.has(number)) missing.push(number & 0xffff)
    }
    return missing
  }

  private drain(now: number): void {
    const before = this.next
    for (let packet = this.waiting.get(this.next); packet; packet = this.waiting.get(this.next)) {
      this.waiting.delete(this.next++)
      this.deliver(packet)
    }
    if (this.waiting.size === 0 || this.next !== before || this.lateSince === 0) this.lateSince = now
    if (this.waiting.size > MAX_WAITING) this.skip(now)
  }

  private skip(now: number): void {
    const oldest = Math.min(...this.waiting.keys())
    this.lostInAll += oldest - this.next
    this.next = oldest
    this.deliver(null)
    this.drain(now)
  }
}
