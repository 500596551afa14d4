import { decode, encode } from '@ipld/dag-cbor'
import {
  createApplicationMessage,
  createCommit,
  createGroup,
  decodeGroupState,
  decodeMlsMessage,
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
  type MLSMessage,
  type PrivateMessage,
  type RatchetTree,
  type Welcome,
} from 'ts-mls'
import { makeKeyPackageRef, verifyKeyPackage } from 'ts-mls/keyPackage.js'
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js'
import { decryptSenderData } from 'ts-mls/privateMessage.js'
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js'
import type { E2ee, GroupView, MadeKeyPackage, MemberId, Opened, Peeked } from './e2ee'
import { MessageRefused } from './message-refused'
import { hexOf, isBound, makeCredential, readCredential, type DeviceSigner } from './mls-credential'
import { refusalOf } from './mls-refusal'

const SUITE = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'
/** Devices in one group. Trees and states grow with it; commits and welcomes stay below their limit. */
const MAX_MEMBERS = 250
const MAX_TEXT_BYTES = 48_000
const MAX_CHANGE_BYTES = 512_000
const MAX_PACKAGE_BYTES = 8_000

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
    const message = this.#decoded(bytes, MAX_CHANGE_BYTES)
    if (message.wireformat === 'mls_welcome') {
      return { kind: 'welcome', refs: message.welcome.secrets.slice(0, MAX_MEMBERS).map(({ newMember }) => newMember) }
    }
    const { groupId, epoch } = privateOf(message, bytes)
    return { kind: 'message', group: groupId, epoch: Number(epoch) }
  }

  async join(bytes: Uint8Array, secrets: Uint8Array): Promise<{ state: Uint8Array; view: GroupView }> {
    const message = this.#decoded(bytes, MAX_CHANGE_BYTES)
    if (message.wireformat !== 'mls_welcome') throw new MessageRefused('malformed', 'no invitation')
    if (message.welcome.cipherSuite !== SUITE) throw new MessageRefused('malformed', 'another suite')
    const own = readSecrets(secrets)
    try {
      const suite = await this.#mls()
      await this.#mustBeOwners(message.welcome, own, suite)
      const state = await joinGroup(
        ...([
          message.welcome,
          own.publicPackage,
          own,
          emptyPskIndex,
          suite,
          undefined,
          undefined,
          this.#config,
        ] as const),
      )
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
    const message = privateOf(this.#decoded(bytes, MAX_CHANGE_BYTES), bytes)
    const state = this.#state(stateBytes)
    if (state.groupActiveState.kind !== 'active') throw new MessageRefused('not-member', 'taken out of the group')
    try {
      const suite = await this.#mls()
      const sender = await senderOf(state, message, suite)
      if (!this.#isGranted(sender)) throw new MessageRefused('stranger', 'a device whose grant was taken back')
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
      throw refusalOf(error)
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
    if (credential.credentialType !== 'basic' || !isBound(credential.identity, key)) return false
    return this.#isGranted(memberOf(credential))
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

  #decoded(bytes: Uint8Array, limit: number): MLSMessage {
    if (bytes.length > limit) throw new MessageRefused('oversized', `${bytes.length} bytes, limit ${limit}`)
    try {
      const [message] = decodeMlsMessage(bytes, 0) ?? []
      // Lengths have several spellings; with one only, nobody on the way can give a message another id.
      if (message !== undefined && Buffer.compare(encodeMlsMessage(message), bytes) === 0) return message
    } catch (cause) {
      throw new MessageRefused('malformed', 'no MLS message', { cause })
    }
    throw new MessageRefused('malformed', 'no MLS message, or one in another spelling')
  }

  async #checkedPackage(bytes: Uint8Array): Promise<KeyPackage> {
    const message = this.#decoded(bytes, MAX_PACKAGE_BYTES)
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

  /** ts-mls takes a welcome from any member; here only the owner's counts, as only the owner's commits do. */
  async #mustBeOwners(welcome: Welcome, own: OwnPackage, suite: CiphersuiteImpl): Promise<void> {
    const ref = await makeKeyPackageRef(own.publicPackage, suite.hash)
    const { hpke } = suite
    const secrets = await decryptGroupSecrets(await hpke.importPrivateKey(own.initPrivateKey), ref, welcome, hpke)
    if (secrets === undefined || secrets.psks.length > 0) throw new MessageRefused('malformed', 'no plain invitation')
    const info = await decryptGroupInfo(welcome, secrets.joinerSecret, new Uint8Array(suite.kdf.size), suite)
    if (info?.signer !== 0) throw new MessageRefused('not-owner', 'an invitation by somebody else than the owner')
    if (info.groupContext.groupId.length !== 32) throw new MessageRefused('malformed', 'another kind of group')
  }
}

interface OwnPackage {
  publicPackage: KeyPackage
  initPrivateKey: Uint8Array
  hpkePrivateKey: Uint8Array
  signaturePrivateKey: Uint8Array
}

function readSecrets(secrets: Uint8Array): OwnPackage {
  const own = decode<Omit<OwnPackage, 'publicPackage'> & { package: Uint8Array }>(secrets)
  const message = decodeMlsMessage(own.package, 0)?.[0]
  if (message?.wireformat !== 'mls_key_package') throw new Error('an own key package that cannot be read')
  return { ...own, publicPackage: message.keyPackage }
}

/** Only private messages: public ones would let outsiders propose and join by themselves. */
function privateOf(message: MLSMessage, bytes: Uint8Array): PrivateMessage {
  if (message.wireformat !== 'mls_private_message') throw new MessageRefused('malformed', `a ${message.wireformat}`)
  const { contentType, epoch, groupId } = message.privateMessage
  if (contentType === 'application' && bytes.length > MAX_TEXT_BYTES)
    throw new MessageRefused('oversized', `a message of ${bytes.length} bytes`)
  if (groupId.length !== 32 || epoch > BigInt(Number.MAX_SAFE_INTEGER))
    throw new MessageRefused('malformed', 'no group of ours')
  return message.privateMessage
}

/** ts-mls checks the signature against this leaf, but does not tell which it was. */
async function senderOf(state: ClientState, message: PrivateMessage, suite: CiphersuiteImpl): Promise<MemberId> {
  const isNow = message.epoch === state.groupContext.epoch
  const then = isNow ? undefined : state.historicalReceiverData.get(message.epoch)
  if (!isNow && then === undefined) throw new MessageRefused('too-old', `epoch ${message.epoch.toString()} is gone`)
  const data = await decryptSenderData(message, then?.senderDataSecret ?? state.keySchedule.senderDataSecret, suite)
  const leaf = leavesOf(then?.ratchetTree ?? state.ratchetTree).find(({ index }) => index === data?.leafIndex)
  if (leaf === undefined) throw new MessageRefused('forged', 'from nobody in the group')
  return leaf.member
}

function isPlainChange({ proposal }: { proposal: { proposalType: string | number } }): boolean {
  return proposal.proposalType === 'add' || proposal.proposalType === 'remove'
}

function memberOf(credential: Credential): MemberId {
  if (credential.credentialType !== 'basic') throw new MessageRefused('malformed', 'another kind of credential')
  return readCredential(credential.identity)
}

/** Leaves are at the even places of the tree (RFC 9420, appendix C). */
function leavesOf(tree: RatchetTree): { index: number; member: MemberId }[] {
  return tree.flatMap((node, at) =>
    node?.nodeType === 'leaf' ? [{ index: at / 2, member: memberOf(node.leaf.credential) }] : [],
  )
}

function viewOf(state: ClientState): GroupView {
  const leaves = leavesOf(state.ratchetTree)
  const owner = leaves.find(({ index }) => index === 0)?.member
  if (owner === undefined) throw new MessageRefused('malformed', 'a group without its owner')
  const isActive = state.groupActiveState.kind === 'active'
  const self = leaves.find(({ index }) => isActive && index === state.privatePath.leafIndex)?.member
  return {
    id: Uint8Array.from(state.groupContext.groupId),
    epoch: Number(state.groupContext.epoch),
    ...{ owner, self: self ?? { account: '', device: '' }, members: leaves.map(({ member }) => member), isActive },
  }
}
