import type { CiphersuiteImpl, ClientState, Credential, PrivateMessage, RatchetTree } from 'ts-mls'
import { decryptSenderData } from 'ts-mls/privateMessage.js'
import type { MemberId } from '@shared/community/direct-conversation'
import type { GroupView } from './e2ee'
import { MessageRefused } from './message-refused'
import { readCredential } from './mls-credential'

export function memberOf(credential: Credential): MemberId {
  if (credential.credentialType !== 'basic') throw new MessageRefused('malformed', 'another kind of credential')
  return readCredential(credential.identity)
}

/** Leaves are at the even places of the tree (RFC 9420, appendix C). */
export function leavesOf(tree: RatchetTree): { index: number; member: MemberId }[] {
  return tree.flatMap((node, at) =>
    node?.nodeType === 'leaf' ? [{ index: at / 2, member: memberOf(node.leaf.credential) }] : [],
  )
}

export function viewOf(state: ClientState): GroupView {
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

/** ts-mls checks the signature against this leaf, but does not tell which it was. */
export async function senderOf(state: ClientState, message: PrivateMessage, suite: CiphersuiteImpl): Promise<MemberId> {
  const isNow = message.epoch === state.groupContext.epoch
  const then = isNow ? undefined : state.historicalReceiverData.get(message.epoch)
  if (!isNow && then === undefined) throw new MessageRefused('too-old', `epoch ${message.epoch.toString()} is gone`)
  const data = await decryptSenderData(message, then?.senderDataSecret ?? state.keySchedule.senderDataSecret, suite)
  const leaf = leavesOf(then?.ratchetTree ?? state.ratchetTree).find(({ index }) => index === data?.leafIndex)
  if (leaf === undefined) throw new MessageRefused('forged', 'from nobody in the group')
  return leaf.member
}

/** All that a change may do; nothing else of RFC 9420, 12.1 is used. */
export function isPlainChange({ proposal }: { proposal: { proposalType: string | number } }): boolean {
  return proposal.proposalType === 'add' || proposal.proposalType === 'remove'
}
