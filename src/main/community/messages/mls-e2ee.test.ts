import { randomBytes } from 'node:crypto'
import {
  createCommit,
  createProposal,
  decodeGroupState,
  decodeMlsMessage,
  defaultKeyPackageEqualityConfig,
  defaultKeyRetentionConfig,
  defaultLifetimeConfig,
  defaultPaddingConfig,
  encodeMlsMessage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  type Proposal,
} from 'ts-mls'
import { describe, expect, it } from 'vitest'
import type { MemberId } from '@shared/community/direct-conversation'
import { TestAccount, TestDevice } from '../testing/test-device'
import { MlsE2ee } from './mls-e2ee'
import { hexOf } from './mls-credential'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const bytes = (words: string): Uint8Array => new Uint8Array(Buffer.from(words))
const now = Math.floor(Date.now() / 1000)
const MUTATIONS = Number(process.env['WE_MESSAGE_FUZZ'] ?? 40)
const validity = { from: now - 60, to: now + 20 * 86_400 }
const fault = (name: string) => expect.objectContaining({ name: 'MessageRefused', fault: name }) as Error

const configParts = {
  keyRetentionConfig: defaultKeyRetentionConfig,
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: defaultPaddingConfig,
}

async function person(isDeviceOf: (member: MemberId) => boolean = () => true) {
  const device = new TestDevice()
  const account = new TestAccount().address
  const e2ee = new MlsE2ee({ account, device, isDeviceOf })
  const identity = await e2ee.newIdentity()
  const made = await e2ee.newKeyPackage(identity, validity)
  return { e2ee, identity, ...made, member: { account, device: hexOf(device.publicKey) } }
}

async function pair() {
  const [anna, ben] = [await person(), await person()]
  const alone = await anna.e2ee.create(anna.identity, randomBytes(32))
  const { state, welcome } = await anna.e2ee.change(alone, { add: [ben.package], remove: [] })
  const joined = await ben.e2ee.join(welcome!, ben.secrets)
  return { anna, ben, hers: state, his: joined.state, welcome: welcome! }
}

describe('encryption of conversations', () => {
  it('carries messages in any order, once each, and names the sender', async () => {
    const { anna, ben, his, ...rest } = await pair()
    let { hers } = rest
    const sent: Uint8Array[] = []
    for (const words of ['one', 'two', 'three']) {
      const made = await anna.e2ee.encrypt(hers, bytes(words))
      hers = made.state
      sent.push(made.message)
    }
    let state = his
    const got: string[] = []
    for (const message of [sent[2]!, sent[0]!, sent[1]!]) {
      const opened = await ben.e2ee.open(state, message)
      if (opened.kind !== 'text') throw new Error('no text')
      expect(opened.sender).toEqual(anna.member)
      got.push(text(opened.plain))
      state = opened.state
    }
    expect(got).toEqual(['three', 'one', 'two'])
    for (const message of sent) await expect(ben.e2ee.open(state, message)).rejects.toEqual(fault('replayed'))
  })

  it('refuses every mutation of a message, an invitation and a key package', async () => {
    const { anna, ben, hers, his, welcome } = await pair()
    const { message } = await anna.e2ee.encrypt(hers, bytes('hello'))
    const cases: [Uint8Array, (mutant: Uint8Array) => Promise<unknown>][] = [
      [message, async (mutant) => (ben.e2ee.peek(mutant), ben.e2ee.open(his, mutant))],
      [welcome, (mutant) => ben.e2ee.join(mutant, ben.secrets)],
      [ben.package, (mutant) => anna.e2ee.readKeyPackage(mutant)],
    ]
    for (const [good, take] of cases) {
      for (let round = 0; round < MUTATIONS; round++) {
        const mutant = Uint8Array.from(good)
        const at = (round * 7919 + (round >> 8) * 31) % good.length
        mutant[at]! ^= 1 << (round % 8)
        const cut = round % 10 === 9 ? mutant.subarray(0, at) : mutant
        await expect(take(cut), `bit ${round % 8} of byte ${at}`).rejects.toMatchObject({ name: 'MessageRefused' })
      }
      for (let round = 0; round < MUTATIONS; round++) {
        const noise = randomBytes(round * 5)
        noise.set([0, 1, 0, round % 6].slice(0, noise.length)) // version and wire format as they should be
        await expect(take(noise)).rejects.toMatchObject({ name: 'MessageRefused' })
      }
      await take(good) // the unharmed one still goes
    }
    const respelled = new Uint8Array([...message.subarray(0, 4), 0x40, ...message.subarray(4)]) // length 32 in two bytes
    expect(() => ben.e2ee.peek(respelled)).toThrow(fault('malformed'))
    expect(() => ben.e2ee.peek(new Uint8Array(600_000))).toThrow(fault('oversized'))
  })

  it('lets only the owner change who is in, and only devices that were granted', async () => {
    const { anna, ben, hers, his } = await pair()
    const carl = await person()
    await expect(ben.e2ee.change(his, { add: [carl.package], remove: [] })).rejects.toEqual(fault('not-owner'))
    await expect(anna.e2ee.change(hers, { add: [ben.package], remove: [] })).rejects.toEqual(fault('replayed'))
    await expect(anna.e2ee.change(hers, { add: [], remove: [anna.member] })).rejects.toEqual(fault('not-owner'))
    const strict = await person((member) => member.device !== carl.member.device)
    const group = await strict.e2ee.create(strict.identity, randomBytes(32))
    await expect(strict.e2ee.change(group, { add: [carl.package], remove: [] })).rejects.toEqual(fault('stranger'))
    const old = await carl.e2ee.newKeyPackage(carl.identity, { from: now - 100, to: now - 50 })
    await expect(anna.e2ee.change(hers, { add: [old.package], remove: [] })).rejects.toEqual(fault('expired'))
    const wide = await anna.e2ee.change(hers, { add: [carl.package], remove: [] })
    await expect(strict.e2ee.join(wide.welcome!, strict.secrets)).rejects.toEqual(fault('not-for-us'))
  })

  it('takes no invitation, change or proposal of a member who goes past the owner', async () => {
    const { anna, ben, hers, his } = await pair()
    const carl = await person()
    const suite = await getCiphersuiteImpl(getCiphersuiteFromName('MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'))
    const clientConfig = { ...configParts, authService: { validateCredential: () => Promise.resolve(true) } }
    const state = { ...decodeGroupState(Uint8Array.from(his), 0)![0], clientConfig }
    const added = decodeMlsMessage(carl.package, 0)![0]
    if (added.wireformat !== 'mls_key_package') throw new Error('no key package')
    const add: Proposal = { proposalType: 'add', add: { keyPackage: added.keyPackage } }
    const made = await createCommit(
      { state, cipherSuite: suite },
      { extraProposals: [add], ratchetTreeExtension: true },
    )
    const welcome = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome! })
    await expect(carl.e2ee.join(welcome, carl.secrets)).rejects.toEqual(fault('not-owner'))
    await expect(anna.e2ee.open(hers, encodeMlsMessage(made.commit))).rejects.toEqual(fault('not-owner'))
    for (const isPublic of [false, true]) {
      const { message } = await createProposal(state, isPublic, add, suite)
      const refused = isPublic ? 'malformed' : 'not-owner'
      await expect(anna.e2ee.open(hers, encodeMlsMessage(message))).rejects.toEqual(fault(refused))
    }
    expect(ben.e2ee.view(his).epoch).toBe(1)
  })

  it('takes nobody under the name of a device that did not bind its key, and nothing of a device that was revoked', async () => {
    const [victim, thief] = [new TestDevice(), new TestDevice()]
    const account = new TestAccount().address
    const device = { publicKey: victim.publicKey, sign: thief.sign }
    const e2ee = new MlsE2ee({ account, device, isDeviceOf: () => true })
    const forged = await e2ee.newKeyPackage(await e2ee.newIdentity(), validity)
    const revoked = new Set<string>()
    const anna = await person(({ device }) => !revoked.has(device))
    await expect(anna.e2ee.readKeyPackage(forged.package)).rejects.toEqual(fault('stranger'))

    const ben = await person()
    const alone = await anna.e2ee.create(anna.identity, randomBytes(32))
    const { state, welcome } = await anna.e2ee.change(alone, { add: [ben.package], remove: [] })
    const { message } = await ben.e2ee.encrypt((await ben.e2ee.join(welcome!, ben.secrets)).state, bytes('hi'))
    await anna.e2ee.open(state, message)
    revoked.add(ben.member.device)
    await expect(anna.e2ee.open(state, message)).rejects.toEqual(fault('stranger'))
  })

  it('leaves a removed member without the words that follow', async () => {
    const { anna, ben, hers, his } = await pair()
    const out = await anna.e2ee.change(hers, { add: [], remove: [ben.member] })
    const later = await anna.e2ee.encrypt(out.state, bytes('about Ben'))
    await expect(ben.e2ee.open(his, later.message)).rejects.toMatchObject({ name: 'MessageRefused' })
    const told = await ben.e2ee.open(his, out.commit)
    expect(told).toMatchObject({ kind: 'change', view: { isActive: false, members: [anna.member] } })
    await expect(ben.e2ee.open(told.state, later.message)).rejects.toEqual(fault('not-member'))
    await expect(ben.e2ee.encrypt(told.state, bytes('hm'))).rejects.toEqual(fault('not-member'))
  })
})
