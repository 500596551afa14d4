import { decode, encode } from '@ipld/dag-cbor'
import {
  createApplicationMessage,
  createCommit,
  createGroup,
  decodeGroupState,
  defaultKeyPackageEqualityConfig,
  defaultLifetimeConfig,
  defaultPaddingConfig,
  emptyPskIndex,
  encodeGroupState,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  processPrivateMessage,
  zeroOutUint8Array,
  type CiphersuiteImpl,
  type ClientConfig,
  type ClientState,
  type Credential,
  type KeyPackage,
} from 'ts-mls'
import { makeKeyPackageRef, verifyKeyPackage } from 'ts-mls/keyPackage.js'
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js'
import type { MemberId } from '@shared/community/direct-conversation'
import type { E2ee, GroupView, MadeKeyPackage, Opened, Peeked } from './e2ee'
import { MessageRefused } from './message-refused'
import { hexOf, isBound, makeCredential, type DeviceSigner } from './mls-credential'
import { isPlainChange, leavesOf, memberOf, senderOf, viewOf } from './mls-group'
import { mustBeOwners, readSecrets } from './mls-invitation'
import { refusalOf } from './mls-refusal'
import { decodeBounded, MAX_CHANGE_BYTES, MAX_PACKAGE_BYTES, privateOf } from './mls-wire'

const SUITE = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'
/** Devices in one group. Trees and states grow with it; commits and welcomes stay below their limit. */
const MAX_MEMBERS = 250

export interface MlsOptions {
  readonly account: string
  readonly device: DeviceSigner
  /** Whether the account has granted the device, from the log. Others' devices are asked about at every change. */
  readonly isDeviceOf: (member: MemberId) => boolean
}

interface Identity {
  signKey: Uint8Array
  publicKey: Uint8Array
  credential: Uint8Array
}

/**
 * RFC 9420 by ts-mls, which is not audited: hence the port. Leaf 0 is the owner's for good, as the owner cannot remove
 * itself. Changes of others and everything but adding and removing are refused, so that commits have one order.
 */
export class MlsE2ee implements E2ee {
  readonly #config: ClientConfig
  #suite: Promise<CiphersuiteImpl> | undefined

  constructor(private readonly options: MlsOptions) {
    this.#config = {
      // Each skipped message costs some 40 bytes until it comes: enough for a long absence, bounded for a hostile member.
      keyRetentionConfig: { retainKeysForGenerations: 128, retainKeysForEpochs: 4, maximumForwardRatchetSteps: 512 },
      lifetimeConfig: defaultLifetimeConfig,
      keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
      paddingConfig: defaultPaddingConfig,
      authService: {
        validateCredential: (credential, key) => Promise.resolve(this.#isGood(credential, key)),
      },
    }
  }

  /** Also tells which members were not granted, so that their grants can be looked for. */
  #noting(strangers: MemberId[], takesAll: boolean): ClientConfig {
    const validateCredential = (credential: Credential, key: Uint8Array): Promise<boolean> => {
      if (!this.#isBound(credential, key)) return Promise.resolve(false)
      const member = memberOf(credential)
      const isGranted = this.#isGranted(member)
      if (!isGranted) strangers.push(member)
      return Promise.resolve(isGranted || takesAll)
    }
    return { ...this.#config, authService: { validateCredential } }
  }

  async newIdentity(): Promise<Uint8Array> {
    const { signature } = await this.#mls()
    const { signKey, publicKey } = await signature.keygen()
    const credential = makeCredential(this.options.account, this.options.device, publicKey)
    return encode({ signKey, publicKey, credential } satisfies Identity)
  }

  async newKeyPackage(identity: Uint8Array, validity: { from: number; to: number }): Promise<MadeKeyPackage> {
    const suite = await this.#mls()
    const { signKey, publicKey, credential } = decode<Identity>(identity)
    const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
      { credentialType: 'basic', identity: credential },
      { versions: ['mls10'], ciphersuites: [SUITE], extensions: [], proposals: [], credentials: ['basic'] },
      { notBefore: BigInt(validity.from), notAfter: BigInt(validity.to) },
      [],
      { signKey, publicKey },
      suite,
    )
    const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage })
    return {
      package: bytes,
      secrets: encode({ package: bytes, ...privatePackage }),
      ref: await makeKeyPackageRef(publicPackage, suite.hash),
    }
  }

  async readKeyPackage(bytes: Uint8Array): Promise<{ member: MemberId; expires: number }> {
    const { leafNode } = await this.#checkedPackage(bytes)
    return { member: memberOf(leafNode.credential), expires: Number(leafNode.lifetime.notAfter) }
  }

  async create(identity: Uint8Array, id: Uint8Array): Promise<Uint8Array> {
    const now = Math.floor(Date.now() / 1000)
    const { secrets } = await this.newKeyPackage(identity, { from: now - 3_600, to: now + 27 * 86_400 })
    const own = readSecrets(secrets)
    return encodeGroupState(await createGroup(id, own.publicPackage, own, [], await this.#mls(), this.#config))
  }

  async change(
    stateBytes: Uint8Array,
    changes: { add: readonly Uint8Array[]; remove: readonly MemberId[] },
  ): ReturnType<E2ee['change']> {
    const state = this.#state(stateBytes)
    if (state.privatePath.leafIndex !== 0) throw new MessageRefused('not-owner', 'only the owner changes a group')
    const leaves = leavesOf(state.ratchetTree)
    const removals = changes.remove.map(({ device }) => {
      const leaf = leaves.find(({ member }) => member.device === device)
      if (leaf === undefined) throw new MessageRefused('not-member', `${device} is not in the group`)
      if (leaf.index === 0) throw new MessageRefused('not-owner', 'the owner cannot leave')
      return { proposalType: 'remove' as const, remove: { removed: leaf.index } }
    })
    const packages = await Promise.all(changes.add.map((bytes) => this.#checkedPackage(bytes)))
    const added = packages.map(({ leafNode }) => memberOf(leafNode.credential))
    const devices = [...leaves.map(({ member }) => member), ...added].map(({ device }) => device)
    if (new Set(devices).size !== devices.length)
      throw new MessageRefused('replayed', 'a device is in the group already')
    if (devices.length > MAX_MEMBERS) throw new MessageRefused('too-many', `${devices.length} devices`)
    const additions = packages.map((keyPackage) => ({ proposalType: 'add' as const, add: { keyPackage } }))
    try {
      const made = await createCommit(
        { state, cipherSuite: await this.#mls() },
        { extraProposals: [...removals, ...additions], ratchetTreeExtension: true },
      )
      const next = encodeGroupState(made.newState)
      const view = viewOf(made.newState)
      const commit = encodeMlsMessage(made.commit)
      const welcome =
        made.welcome && encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome })
      made.consumed.forEach(zeroOutUint8Array)
      return { state: next, commit, welcome: welcome ?? null, added, view }
    } catch (error) {
      throw refusalOf(error)
    }
  }

  peek(bytes: Uint8Array): Peeked {
    const message = decodeBounded(bytes, MAX_CHANGE_BYTES)
    if (message.wireformat === 'mls_welcome') {
      return { kind: 'welcome', refs: message.welcome.secrets.slice(0, MAX_MEMBERS).map(({ newMember }) => newMember) }
    }
    const { groupId, epoch } = privateOf(message, bytes)
    return { kind: 'message', group: groupId, epoch: Number(epoch) }
  }

  async join(bytes: Uint8Array, secrets: Uint8Array): Promise<{ state: Uint8Array; view: GroupView }> {
    const message = decodeBounded(bytes, MAX_CHANGE_BYTES)
    if (message.wireformat !== 'mls_welcome') throw new MessageRefused('malformed', 'no invitation')
    if (message.welcome.cipherSuite !== SUITE) throw new MessageRefused('malformed', 'another suite')
    const own = readSecrets(secrets)
    const strangers: MemberId[] = []
    try {
      const suite = await this.#mls()
      await mustBeOwners(message.welcome, own, suite)
      const state = await joinGroup(
        ...([
          message.welcome,
          own.publicPackage,
          own,
          emptyPskIndex,
          suite,
          undefined,
          undefined,
          this.#noting(strangers, true),
        ] as const),
      )
      if (strangers.length > 0)
        throw new MessageRefused('stranger', 'a group with devices without a grant', { strangers })
      const view = viewOf(state)
      if (view.members.length > MAX_MEMBERS) throw new MessageRefused('too-many', `${view.members.length} devices`)
      return { state: encodeGroupState(state), view }
    } catch (error) {
      throw refusalOf(error)
    }
  }

  async encrypt(stateBytes: Uint8Array, plain: Uint8Array): Promise<{ state: Uint8Array; message: Uint8Array }> {
    const state = this.#state(stateBytes)
    if (state.groupActiveState.kind !== 'active') throw new MessageRefused('not-member', 'taken out of the group')
    const made = await createApplicationMessage(state, plain, await this.#mls())
    const { privateMessage } = made
    const answer = {
      state: encodeGroupState(made.newState),
      message: encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage }),
    }
    made.consumed.forEach(zeroOutUint8Array)
    return answer
  }

  async open(stateBytes: Uint8Array, bytes: Uint8Array): Promise<Opened> {
    const message = privateOf(decodeBounded(bytes, MAX_CHANGE_BYTES), bytes)
    const strangers: MemberId[] = []
    const state = { ...this.#state(stateBytes), clientConfig: this.#noting(strangers, false) }
    if (state.groupActiveState.kind !== 'active') throw new MessageRefused('not-member', 'taken out of the group')
    try {
      const suite = await this.#mls()
      const sender = await senderOf(state, message, suite)
      if (!this.#isGranted(sender))
        throw new MessageRefused('stranger', 'a device whose grant was taken back', { strangers: [sender] })
      const result = await processPrivateMessage(state, message, emptyPskIndex, suite, (incoming) =>
        incoming.kind === 'commit' && incoming.senderLeafIndex === 0 && incoming.proposals.every(isPlainChange)
          ? 'accept'
          : 'reject',
      )
      if (result.kind === 'newState' && result.actionTaken === 'reject')
        throw new MessageRefused('not-owner', 'a change that only the owner may make')
      const next = encodeGroupState(result.newState)
      const opened: Opened =
        result.kind === 'newState'
          ? { kind: 'change', state: next, view: viewOf(result.newState) }
          : { kind: 'text', state: next, sender, plain: Uint8Array.from(result.message) }
      result.consumed.forEach(zeroOutUint8Array)
      return opened
    } catch (error) {
      throw refusalOf(error, strangers)
    }
  }

  view(state: Uint8Array): GroupView {
    return viewOf(this.#state(state))
  }

  #mls(): Promise<CiphersuiteImpl> {
    this.#suite ??= getCiphersuiteImpl(getCiphersuiteFromName(SUITE))
    return this.#suite
  }

  #isGood(credential: Credential, key: Uint8Array): boolean {
    return this.#isBound(credential, key) && this.#isGranted(memberOf(credential))
  }

  #isBound(credential: Credential, key: Uint8Array): boolean {
    return credential.credentialType === 'basic' && isBound(credential.identity, key)
  }

  /** This device knows itself, also before its own grant is in the log. */
  #isGranted(member: MemberId): boolean {
    return member.device === hexOf(this.options.device.publicKey) || this.options.isDeviceOf(member)
  }

  /** Copied first: decoded parts are views, and used-up keys are overwritten with zeros. */
  #state(bytes: Uint8Array): ClientState {
    const decoded = decodeGroupState(Uint8Array.from(bytes), 0)
    if (decoded === undefined) throw new Error('a group state that cannot be read')
    return { ...decoded[0], clientConfig: this.#config }
  }

  async #checkedPackage(bytes: Uint8Array): Promise<KeyPackage> {
    const message = decodeBounded(bytes, MAX_PACKAGE_BYTES)
    if (message.wireformat !== 'mls_key_package' || message.keyPackage.cipherSuite !== SUITE)
      throw new MessageRefused('malformed', 'no key package')
    const { keyPackage } = message
    const { leafNode } = keyPackage
    if (!this.#isGood(leafNode.credential, leafNode.signaturePublicKey))
      throw new MessageRefused('stranger', 'a key package of a device without a grant')
    try {
      const { signature } = await this.#mls()
      if (
        !(await verifyKeyPackage(keyPackage, signature)) ||
        !(await verifyLeafNodeSignatureKeyPackage(leafNode, signature))
      )
        throw new MessageRefused('forged', 'a key package that its device did not sign')
      return keyPackage
    } catch (error) {
      throw refusalOf(error)
    }
  }
}
