import { describe, expect, it } from 'vitest'
import { Mailbox, MAILBOX_LIMITS } from './mailbox'

const device = (digit: string): string => `0x${digit.repeat(64)}`
const [ANNA, BEN, SPAM] = [device('a'), device('b'), device('c')]
const mail = (from: string, n: number, size = 10) => ({ from, to: BEN, bytes: new Uint8Array(size).fill(n) })
const limits = { ...MAILBOX_LIMITS, senderCount: 3, senderBytes: 1_000, recipientBytes: 1_500, life: 1_000 }

describe('a mailbox for who is offline', () => {
  it('keeps envelopes in order until they are acknowledged, each once', () => {
    const box = new Mailbox(limits)
    expect([1, 2, 1].map((n) => box.offer(mail(ANNA, n), 0))).toEqual(['kept', 'kept', 'known'])
    const waiting = box.waiting(BEN, 1)
    expect(waiting.map(({ bytes }) => bytes[0])).toEqual([1, 2])
    expect(box.acknowledge(ANNA, [waiting[0]!.id])).toBe(0) // not hers to take away
    expect(box.acknowledge(BEN, [waiting[0]!.id, waiting[0]!.id])).toBe(1)
    expect(box.waiting(BEN, 2).map(({ bytes }) => bytes[0])).toEqual([2])
    expect(box.acknowledge(BEN, [waiting[1]!.id])).toBe(1)
    expect(box.bytes).toBe(0)
  })

  it('gives a flooding sender its share and leaves room for others', () => {
    const box = new Mailbox(limits)
    const answers = Array.from({ length: 5 }, (_, n) => box.offer(mail(SPAM, n), 0))
    expect(answers).toEqual(['kept', 'kept', 'kept', 'full', 'full'])
    expect(box.offer(mail(ANNA, 9, 100), 0)).toBe('kept')
    expect(box.offer(mail(ANNA, 8, 500), 0)).toBe('full') // her bytes
    expect(box.offer(mail(device('d'), 7, 200), 0)).toBe('full') // the recipient's
    expect(() => box.offer(mail(ANNA, 1, 600_000), 0)).toThrow(expect.objectContaining({ fault: 'oversized' }) as Error)
    expect(() => box.offer({ ...mail(ANNA, 1), from: 'me' }, 0)).toThrow(
      expect.objectContaining({ fault: 'malformed' }) as Error,
    )
  })

  it('forgets what nobody fetched in time', () => {
    const box = new Mailbox(limits)
    box.offer(mail(ANNA, 1), 0)
    box.offer(mail(ANNA, 2), 600)
    expect(box.waiting(BEN, 1_000).map(({ bytes }) => bytes[0])).toEqual([2])
    expect(box.expire(1_600)).toBe(1)
    expect(box.bytes).toBe(0)
  })
})
