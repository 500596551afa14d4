import { decodeGiftLine, encodeGiftLine, type GiftLine } from '@shared/gifts/gift-line'
import { TEST_CONTENT, TEST_DOMAIN, TestAccount } from '@shared/gifts/gift-test-kit'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import { ZERO_BYTES32 } from '@shared/money/address'
import { beforeEach, describe, expect, it } from 'vitest'
import { KEPT_LINES, RoomGifts } from './room-gifts'
import { decodeHistory, encodeHistory } from './room-gifts-history'

const ann = new TestAccount(1)
const creator = new TestAccount(2).address
const terms: GiftTerms = {
  account: creator,
  grant: new TestAccount(2).grant(`0x${'ed'.repeat(32)}`),
  chainId: Number(TEST_DOMAIN.chainId),
  genesis: ZERO_BYTES32,
  bank: TEST_DOMAIN.verifyingContract,
  host: null,
  sharerBps: 0,
}
let now = 0
let heard: Uint8Array[]
let room: RoomGifts

beforeEach(() => {
  now = 0
  heard = []
  room = new RoomGifts({
    terms,
    only: { contentId: TEST_CONTENT },
    onLine: (bytes) => heard.push(bytes),
    now: () => now,
  })
})

function* gifts(count: number, account = ann): Generator<Uint8Array> {
  let last: GiftLine | undefined
  for (let at = 0; at < count; at++) yield encodeGiftLine((last = account.gift(creator, {}, last)))
}

describe('the gifts that peers pass on', () => {
  it('are taken once each, and a copy costs no second look', () => {
    const [line] = [...gifts(1)]
    expect([room.judge(line!, 'a'), room.judge(line!, 'b')]).toEqual(['accept', 'ignore'])
    expect(heard).toHaveLength(1)
  })

  it('of another room, another network or another signer are rejected', () => {
    const foreign = [
      ann.gift(new TestAccount(5).address),
      ann.gift(creator, { contentId: ZERO_BYTES32 }),
      { ...ann.gift(creator), signature: new TestAccount(6).sign(ann.gift(creator).tab) },
    ]
    for (const line of foreign) expect(room.judge(encodeGiftLine(line), 'a')).toBe('reject')
    expect(room.judge(new Uint8Array(2_000), 'a')).toBe('reject')
    expect(heard).toEqual([])
  })

  it('of one payer are taken at five a second after the first ten; nobody else waits for it', () => {
    const verdicts = [...gifts(15)].map((line) => room.judge(line, 'a'))
    expect(verdicts.filter((verdict) => verdict === 'accept')).toHaveLength(10)
    expect(room.judge([...gifts(1, new TestAccount(3))][0]!, 'a')).toBe('accept')
  })

  it('from a neighbour that sends rubbish are not looked at any more, from others they are', () => {
    const started = process.cpuUsage()
    for (let at = 0; at < 1_000; at++) {
      const line = ann.gift(creator, { time: 1_000 + at })
      room.judge(encodeGiftLine({ ...line, signature: new Uint8Array(64).fill(7) }), 'liar')
      if (at === 100) break
    }
    const [line] = [...gifts(1)]
    expect(room.judge(line!, 'liar')).toBe('ignore')
    expect(room.judge(line!, 'friend')).toBe('accept')
    now += 60_000
    expect(room.judge([...gifts(2)][1]!, 'liar')).toBe('accept')
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000)
  })

  it('are kept for who comes late, the newest hundred', () => {
    let last: GiftLine | undefined
    for (let at = 0; at < KEPT_LINES + 5; at++) {
      now += 1_000
      room.judge(encodeGiftLine((last = ann.gift(creator, {}, last))), 'a')
    }
    expect(room.lines).toHaveLength(KEPT_LINES)
    const read = decodeHistory(encodeHistory(room.lines))
    expect(read).toHaveLength(KEPT_LINES)
    expect(decodeGiftLine(read.at(-1)!)).toEqual(last)
  })

  it('as a history cut at any place are none', () => {
    const whole = encodeHistory([...gifts(2)])
    const first = 2 + [...gifts(2)][0]!.length
    for (let length = 1; length < whole.length; length++) {
      if (length !== first) expect(decodeHistory(whole.subarray(0, length))).toEqual([])
    }
    expect(decodeHistory(Uint8Array.of(255, 255, 1))).toEqual([])
  })
})
