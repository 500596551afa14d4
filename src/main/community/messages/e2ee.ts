import type { MemberId } from '@shared/community/direct-conversation'

export interface GroupView {
  readonly id: Uint8Array
  /** Grows by one with every change of membership. */
  readonly epoch: number
  /** The device that made the group: the only one that changes it. */
  readonly owner: MemberId
  readonly self: MemberId
  readonly members: readonly MemberId[]
  /** False once this device was taken out. */
  readonly isActive: boolean
}

export interface MadeKeyPackage {
  /** For publishing. */
  readonly package: Uint8Array
  /** For `join`; never leaves the device. */
  readonly secrets: Uint8Array
  readonly ref: Uint8Array
}

/** What can be told of a message from outside, unproven. */
export type Peeked =
  | { readonly kind: 'welcome'; readonly refs: readonly Uint8Array[] }
  | { readonly kind: 'message'; readonly group: Uint8Array; readonly epoch: number }

export type Opened =
  | { readonly kind: 'text'; readonly state: Uint8Array; readonly sender: MemberId; readonly plain: Uint8Array }
  | { readonly kind: 'change'; readonly state: Uint8Array; readonly view: GroupView }

/**
 * End-to-end encryption of groups. All states are opaque bytes: each call takes one and gives the next, and the caller
 * must have the next on disk **before** anything else of the answer leaves the device. An old state must not be used to
 * encrypt again once its message has left. What comes from outside is bounded before it is decoded; every method that
 * takes such bytes throws MessageRefused.
 */
export interface E2ee {
  /** The secrets of this device; made once and kept. */
  newIdentity(): Promise<Uint8Array>
  /** Times in Unix seconds. */
  newKeyPackage(identity: Uint8Array, validity: { from: number; to: number }): Promise<MadeKeyPackage>
  /** Whose it is, after all its signatures were checked. `expires` in Unix seconds. */
  readKeyPackage(bytes: Uint8Array): Promise<{ member: MemberId; expires: number }>
  /** A group of this device alone. `id`: 32 bytes that nobody else uses. */
  create(identity: Uint8Array, id: Uint8Array): Promise<Uint8Array>
  /** Owner only: adds by key packages, removes devices. `welcome` is for the added, `commit` for all others. */
  change(
    state: Uint8Array,
    changes: { add: readonly Uint8Array[]; remove: readonly MemberId[] },
  ): Promise<{ state: Uint8Array; commit: Uint8Array; welcome: Uint8Array | null; added: MemberId[]; view: GroupView }>
  peek(bytes: Uint8Array): Peeked
  join(welcome: Uint8Array, secrets: Uint8Array): Promise<{ state: Uint8Array; view: GroupView }>
  encrypt(state: Uint8Array, plain: Uint8Array): Promise<{ state: Uint8Array; message: Uint8Array }>
  open(state: Uint8Array, message: Uint8Array): Promise<Opened>
  view(state: Uint8Array): GroupView
}
