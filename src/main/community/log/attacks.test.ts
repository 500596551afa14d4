import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeEnvelope } from '@shared/community/entry-envelope'
import { entryIdText } from '@shared/community/entry-id'
import { EntryRefused } from '@shared/community/entry-refused'
import { TempLog } from '../testing/temp-log'
import { TestAccount, TestDevice, type SealedEntry } from '../testing/test-device'
import { sha256, verifyEntry, type OfferedEntry } from './open-entry'

/** `WE_LOG_FUZZ=10000` for a long run. */
const MUTATIONS = Number(process.env['WE_LOG_FUZZ'] ?? 400)

const ann = new TestAccount()
let phone: TestDevice
let entries: SealedEntry[]
let temp: TempLog

beforeEach(async () => {
  phone = new TestDevice()
  entries = await phone.log(ann, 6)
  temp = new TempLog()
})
afterEach(() => temp.remove())

async function refusal(offered: OfferedEntry[], device?: Uint8Array): Promise<[stored: number, fault?: string]> {
  const { stored, refused } = await temp.log.accept(offered, device === undefined ? {} : { device })
  return refused === null ? [stored] : [stored, refused.fault]
}

describe('entries that are refused', () => {
  it('forged: signed by another key, or with the signature of another entry', async () => {
    const [first, second, third] = entries as [SealedEntry, SealedEntry, SealedEntry]
    const headerOf = ({ envelope }: SealedEntry): Uint8Array => envelope.subarray(3, envelope.length - 66)
    const forged = { ...second, envelope: encodeEnvelope(headerOf(second), third.envelope.subarray(-64)) }
    expect(await refusal([first, forged])).toEqual([1, 'signature'])
    const eve = new TestDevice()
    const other = eve.seal(first, { body: second.body! })
    const claimed = encodeEnvelope(headerOf(second), other.envelope.subarray(-64))
    expect(await refusal([{ envelope: claimed, body: second.body }])).toEqual([0, 'signature'])
  })

  it('truncated at any byte', async () => {
    const { envelope, body } = entries[0]!
    for (let end = 0; end < envelope.length; end += 7) {
      expect((await refusal([{ envelope: envelope.subarray(0, end), body }]))[0]).toBe(0)
    }
    expect(await refusal([{ envelope, body: body!.subarray(1) }])).toEqual([0, 'body'])
  })

  it('reordered, left out or of another log: only the good beginning is taken', async () => {
    const [a, b, c, d] = entries as [SealedEntry, SealedEntry, SealedEntry, SealedEntry]
    expect(await refusal([a, c, b])).toEqual([1, 'number'])
    expect(await refusal([a, b, d])).toEqual([1, 'number'])
    const [grant, foreign] = await new TestDevice().log(ann, 2)
    expect(await refusal([a, b, foreign!])).toEqual([0, 'other-log'])
    expect(await refusal([grant!, foreign!], phone.publicKey)).toEqual([0, 'other-log'])
    expect(await temp.log.accept([grant!], { account: new TestAccount().address })).toMatchObject({
      ...{ stored: 0, refused: { fault: 'other-log' } },
    })
  })

  it('oversized, in the envelope and in the body', async () => {
    const { envelope, body } = entries[0]!
    expect(await refusal([{ envelope: new Uint8Array(600), body }])).toEqual([0, 'oversized'])
    expect(await refusal([{ envelope, body: new Uint8Array(40_000) }])).toEqual([0, 'body'])
    expect(() => phone.seal(null, { body: new Uint8Array(40_000) })).toThrow(EntryRefused)
  })

  it('dated ahead, until that time has come', async () => {
    const early = phone.seal(entries[5]!, { t: temp.now + 600_001, body: entries[1]!.body! })
    expect(await refusal([...entries, early])).toEqual([6, 'future'])
    temp.now += 1
    expect(await refusal([early])).toEqual([1])
  })

  it('duplicate: taken once, told once', async () => {
    expect(await temp.log.accept(entries)).toEqual({ stored: 6, known: 0, refused: null })
    expect(await temp.log.accept(entries)).toEqual({ stored: 0, known: 6, refused: null })
    expect(temp.texts).toHaveLength(5)
  })

  it('of a log that begins without a grant, or with that of another device', async () => {
    expect(await refusal([phone.seal(null, {})])).toEqual([0, 'grant'])
    const other = { ...(await ann.grant(new TestDevice())) }
    expect(await refusal([phone.seal(null, { kind: 'key.grant', body: other })])).toEqual([0, 'grant'])
    const forged = { ...(await new TestAccount().grant(phone)), account: ann.address }
    expect(await refusal([phone.seal(null, { kind: 'key.grant', body: forged })])).toEqual([0, 'grant'])
  })

  it('a range whose newest signature alone is checked stands or falls as a whole', async () => {
    const bad = Uint8Array.from(entries[5]!.envelope)
    bad[bad.length - 1]! ^= 1
    const range = [...entries.slice(0, 5), { ...entries[5]!, envelope: bad }]
    expect(await temp.log.accept(range, { signatures: 'newest' })).toMatchObject({
      ...{ stored: 0, refused: { fault: 'signature' } },
    })
  })
})

describe('a device that signs two histories', () => {
  const prove = async (rival: SealedEntry, from: number): Promise<void> => {
    await temp.log.accept(entries)
    expect((await temp.log.accept([rival])).refused?.fault).toBe('forked')
    expect(temp.removed).toEqual(entries.slice(from).map(({ id }) => entryIdText(id)))
    const [fork] = temp.told.flatMap(({ forks }) => forks)
    expect(fork).toMatchObject({ account: ann.address, n: from })
    expect(temp.log.fork(phone.publicKey)).toEqual(fork)
    expect(temp.log.frozenAbove(phone.publicKey)).toBe(from - 1)
    expect((await temp.log.accept(entries)).refused?.fault).toBe('forked')
    // the proof alone convinces everybody else, once
    const friend = new TempLog()
    await friend.log.accept(entries)
    const proof = Uint8Array.from(fork!.proof!)
    expect(friend.log.acceptForkProof(proof)).toBe(true)
    expect(friend.log.acceptForkProof(proof)).toBe(false)
    expect(friend.removed).toEqual(temp.removed)
    for (const at of [40, 300, proof.length - 1]) {
      const broken = proof.slice()
      broken[at]! ^= 1
      let taken = false
      try {
        taken = temp.log.acceptForkProof(broken)
      } catch (error) {
        expect(error).toBeInstanceOf(EntryRefused)
      }
      expect(taken).toBe(false)
    }
    friend.remove()
  }

  it('is frozen before the first of two entries with one number', () =>
    prove(phone.comment(entries[2]!, 'another one'), 3))

  it('is frozen where two entries do not fit together', async () => {
    const hidden = phone.comment(entries[4]!, 'never sent')
    await prove(phone.comment(hidden, 'after it'), 5)
  })

  it('is not framed by somebody who strings its entries together', async () => {
    await temp.log.accept(entries)
    const [first, second] = [entries[1]!.envelope, entries[2]!.envelope]
    const honest = Uint8Array.from([
      0xa1,
      0x61,
      0x66,
      0x82,
      0x58,
      first.length,
      ...first,
      0x58,
      second.length,
      ...second,
    ])
    expect(() => temp.log.acceptForkProof(honest)).not.toThrow()
    expect(temp.log.fork(phone.publicKey)).toBeNull()
  })
})

it(`${MUTATIONS} random mutations of valid entries: none is accepted, nothing breaks`, async () => {
  let random = 7
  const chance = (below: number): number => {
    random = (random * 48_271) % 2_147_483_647 // Park and Miller: the same mutations in every run
    return random % below
  }
  await temp.log.accept(entries)
  const before = temp.log.count()
  for (let round = 0; round < MUTATIONS; round++) {
    const whole = entries[chance(entries.length)]!
    const isBody = chance(4) === 0
    const bytes = mutate(Uint8Array.from(isBody ? whole.body! : whole.envelope), chance)
    const offered = isBody ? { ...whole, body: bytes } : { ...whole, envelope: bytes }
    const isSame = sha256(bytes).every((byte, at) => byte === sha256(isBody ? whole.body! : whole.envelope)[at])
    if (isSame) continue
    expect(() => verifyEntry(offered, temp.now)).toThrow(EntryRefused)
    expect((await temp.log.accept([offered])).stored).toBe(0)
  }
  expect(temp.log.count()).toEqual(before)
  expect(temp.removed).toEqual([])
})

/** Flips, cuts, doubles, moves or fills some bytes. */
function mutate(bytes: Uint8Array, chance: (below: number) => number): Uint8Array {
  const at = chance(bytes.length)
  switch (chance(5)) {
    case 0:
      bytes[at]! ^= 1 << chance(8)
      return bytes
    case 1:
      return bytes.subarray(0, at)
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at), chance(256), ...bytes.subarray(at)])
    case 3:
      return bytes.copyWithin(at, chance(bytes.length))
    default:
      return bytes.fill(chance(256), at, at + 1 + chance(8))
  }
}
