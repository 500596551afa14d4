import { describe, expect, it } from 'vitest'
import { peerIdOfPublicKey } from '../live/peer-id-key'
import { broadcasterIn, KEEP_NOBODY, KeepChoice, keptPeers } from './keep-choice'

const ANNA = peerIdOfPublicKey(new Uint8Array(32).fill(7))
const SHOW = `we://${ANNA}/live/bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy`

describe('whose lives are kept', () => {
  it('is nobody until the person chooses, and channels that were chosen stay when it is nobody again', () => {
    const channels = [{ peerId: ANNA, name: 'Anna' }]
    expect(keptPeers(KEEP_NOBODY)).toEqual([])
    expect(keptPeers({ who: 'nobody', channels })).toEqual([])
    expect(keptPeers({ who: 'chosen', channels })).toEqual([ANNA])
    expect(keptPeers({ who: 'everybody', channels })).toBe('all')
  })

  it('takes peer ids only, and so many', () => {
    const channel = { peerId: ANNA, name: '' }
    expect(KeepChoice.safeParse({ who: 'chosen', channels: [channel] }).success).toBe(true)
    expect(KeepChoice.safeParse({ who: 'chosen', channels: [{ ...channel, peerId: 'anna' }] }).success).toBe(false)
    expect(KeepChoice.safeParse({ who: 'chosen', channels: Array(201).fill(channel) }).success).toBe(false)
    expect(KeepChoice.safeParse({ who: 'all', channels: [] }).success).toBe(false)
  })

  it.each([
    [ANNA, ANNA],
    [` ${SHOW}\n`, ANNA],
    [`${SHOW}?s=abc`, ANNA],
    [`http://192.168.1.5:8080/#${SHOW.slice('we://'.length)}`, ANNA],
    [ANNA.slice(0, -1), null],
    ['we://p/0x00000000000000000000000000000000000000aa', null],
    ['https://example.org/live', null],
  ])('finds the broadcaster in %j', (text, peerId) => {
    expect(broadcasterIn(text)).toBe(peerId)
  })
})
