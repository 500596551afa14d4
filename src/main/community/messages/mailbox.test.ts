import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Mailbox, MAILBOX_LIMITS } from './mailbox'

const device = (digit: string): string => `0x${digit.repeat(64)}`
const [ANNA, BEN, SPAM] = [device('a'), device('b'), device('c')]
const limits = {
  ...{ ...MAILBOX_LIMITS, senderCount: 3, senderBytes: 1_000, senderTotal: 1_500, recipientBytes: 1_500 },
  ...{ totalBytes: 10_000, life: 1_000 },
}
const ALL = { count: 100, bytes: 1_000_000 }
const sized = (n: number, size = 10): Uint8Array => new Uint8Array(size).fill(n)

describe('a mailbox for who is offline', () => {
  let folder: string
  let box: Mailbox
  const offer = (from: string, mail: Uint8Array, now = 0, to = BEN, isStrange = false) =>
    box.offer({ from, to, mail: [mail], grants: [], isStrange }, now)[0]
  const firsts = (now: number) => box.waiting(BEN, ALL, now).map(({ mail }) => mail[0])

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'we-mailbox-'))
    box = new Mailbox(join(folder, 'mailbox.sqlite'), limits)
  })
  afterEach(() => {
    box.close()
    rmSync(folder, { recursive: true })
  })

  it('keeps mail in order, each piece once, until it is acknowledged, also over a restart', () => {
    const grants = [{ envelope: sized(7), body: sized(8) }]
    const mail = [1, 2, 1].map((n) => sized(n))
    expect(box.offer({ from: ANNA, to: BEN, mail, grants, isStrange: false }, 0)).toEqual(['kept', 'kept', 'known'])
    const before = box.bytes
    box.close()
    box = new Mailbox(join(folder, 'mailbox.sqlite'), limits)
    expect(box.bytes).toBe(before)
    const [first, second] = box.waiting(BEN, ALL, 1)
    expect([first!.mail, second!.mail]).toEqual(mail.slice(0, 2))
    expect([first!.from, first!.grants, second!.grants]).toEqual([ANNA, grants, []])
    expect(box.waiting(BEN, { count: 100, bytes: 15 }, 1)).toHaveLength(1)
    const id = Buffer.from(first!.id.slice(2), 'hex')
    expect(box.acknowledge(ANNA, [id])).toBe(0) // not hers to take away
    expect(box.acknowledge(BEN, [id, id])).toBe(1)
    expect(firsts(2)).toEqual([2])
    expect(box.acknowledge(BEN, [Buffer.from(second!.id.slice(2), 'hex')])).toBe(1)
    expect(box.bytes).toBe(0)
  })

  it('gives a flooding sender its share and leaves room for others', () => {
    expect([0, 1, 2, 3, 4].map((n) => offer(SPAM, sized(n)))).toEqual(['kept', 'kept', 'kept', 'full', 'full'])
    expect(offer(ANNA, sized(9, 100))).toBe('kept')
    expect(offer(ANNA, sized(8, 500))).toBe('full') // her bytes
    expect(offer(device('d'), sized(7, 200))).toBe('full') // the recipient's
    expect([0, 1, 2].map((n) => offer(SPAM, sized(n, 200), 0, device(String(n))))).toEqual(['kept', 'full', 'full']) // in all
    expect(offer(ANNA, sized(1, 600_000))).toBe('full')
    const strange = Array.from({ length: 30 }, (_, n) => offer(device(String(n % 10)), sized(n), 0, device('e'), true))
    expect(strange.filter((answer) => answer === 'kept').length).toBeLessThan(19) // half of the room
    box.setRoom(0)
    expect(offer(device('f'), sized(1), 0, ANNA)).toBe('full')
  })

  it('forgets what nobody fetched in time', () => {
    offer(ANNA, sized(1))
    offer(ANNA, sized(2), 600)
    expect(firsts(1_000)).toEqual([2])
    expect(box.expire(1_600)).toBe(1)
    expect(box.bytes).toBe(0)
  })
})
