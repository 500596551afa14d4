/**
 * Messages between members of one show. `P` is the key of a peer: its id as a string in the app, a number in the simulator.
 * All numbers are finite; integers unless said otherwise; `stripe` is below `MeshSettings.stripes`. A decoder refuses what
 * is outside the ranges named here (`MESH_LIMITS`). Unknown `type`s are ignored, so that newer members can be understood.
 *
 * How a viewer gets a parent: `enter` → `welcome` names where to ask for each stripe → `join` walks from member to member
 * over links that exist → whoever has a free slot sends `offer` straight to the newcomer (this dials it: a pair that cannot
 * be linked is found out here) → `attach` → pieces flow. A link that is already agreed (second parent, ticket) begins with `attach`,
 * which is answered by `accept` or `refuse`.
 */
export type MeshMessage<P extends string | number> =
  | Enter
  | Welcome<P>
  | Join<P>
  | Offer<P>
  | Attach
  | Accept<P>
  | Refuse
  | Leave
  | Drop
  | Move<P>
  | Status<P>
  | Place<P>
  | Pull
  | Deny
  | Waiting
  | Audit<P>
  | Vouch<P>

/** `serve`: sends every piece. `standby`: the silent second parent. */
export type LinkMode = 'serve' | 'standby'

/** To any member: where can I join? */
export interface Enter {
  type: 'enter'
}

/** Answer to `enter`. */
export interface Welcome<P> {
  type: 'welcome'
  /** Viewers in the room as far as known, 0 for unknown. */
  room: number
  /** For each stripe whom to send `join` to; null where the answerer knows nobody (the newcomer asks the source). */
  starts: (P | null)[]
  /** For each stripe its proven slots against the members that need one, 128: as many, 255: twice or more. Newcomers forward where it is low. Empty: unknown. */
  spare: number[]
  /** Up to `MESH_LIMITS.members` others that know more. */
  members: P[]
}

/** Walks through the tree until somebody has room. Sent on by members, so the sender is not always `who`. */
export interface Join<P> {
  type: 'join'
  stripe: number
  /** Who looks for a parent. */
  who: P
  mode: LinkMode
  /** Slots that `who` has proven in this stripe; 0: it is a leaf here. A walk of a stronger one may displace a weaker. */
  capacity: number
  /** `who`'s place in the order that keeps trees free of cycles (`[Note: Ranks]`); real, > 0; `LEAF_RANK` while nobody hangs on it. */
  rank: number
  /** A branch (child of the source) that the second parent must not be in. */
  avoid: P | null
  /** Steps left, at most `MESH_LIMITS.steps`. */
  steps: number
  /** `who`'s own count of its tries, told back by the offer; 0 to 65535. */
  ticket: number
}

/** A slot is kept for the receiver for 3 s. Sent to `who` of a `join`, or unasked: a promotion towards the source. */
export interface Offer<P> {
  type: 'offer'
  stripe: number
  mode: LinkMode
  /** The sender's rank; real. */
  rank: number
  /** Hops from the source to the sender, 0 to 255. */
  depth: number
  /** The child of the source that the sender is below (or is); null from the source itself. */
  branch: P | null
  /** The sender's own parent in this stripe. */
  grand: P | null
  /** Of the join; 0 when unasked. */
  ticket: number
  /** A promotion that displaces a weaker member: the receiver's rank must become smaller than this (real); else 0. */
  below: number
}

/** Child → parent: I am your child from now on. Right after an `offer`, or first of all. */
export interface Attach {
  type: 'attach'
  stripe: number
  mode: LinkMode
  rank: number
  capacity: number
  /** The newest piece of this stripe that the child has, -1 for none: the parent sends what follows. */
  after: number
}

/** Parent → child: answer to `attach`. */
export interface Accept<P> {
  type: 'accept'
  stripe: number
  mode: LinkMode
  rank: number
  depth: number
  branch: P | null
  grand: P | null
}

/** Answer to `attach`, or to a `join` that found no room (then from where the walk ended). */
export interface Refuse {
  type: 'refuse'
  stripe: number
  mode: LinkMode
  /** Do not ask again before, milliseconds, at most `MESH_LIMITS.retryMs`. */
  retryMs: number
  /** Of the join; 0 else. */
  ticket: number
}

/** Child → parent: I am no longer your child. */
export interface Leave {
  type: 'leave'
  stripe: number
  mode: LinkMode
}

/** Parent → child: you are no longer my child. */
export interface Drop {
  type: 'drop'
  stripe: number
  mode: LinkMode
}

/** Parent → child: attach to `to` instead. */
export interface Move<P> {
  type: 'move'
  stripe: number
  to: P
  /** I serve you until you did; else your slot is already somebody else's. */
  served: boolean
}

/** Inner child → parent, when it changed and at most every 250 ms. */
export interface Status<P> {
  type: 'status'
  stripe: number
  rank: number
  /** Proven slots. */
  capacity: number
  /** Slots taken. */
  used: number
  /** Hops from the sender to the nearest member with a free slot (0: itself); 255: none. */
  freeDepth: number
  /** Free slots at that distance. */
  free: number
  /** Free slots of the whole subtree. */
  freeAll: number
  /** Slots of the whole subtree. */
  slotsAll: number
  /** Members below, the sender included. */
  size: number
  /** The strongest child, with its slots: a candidate for promotion. */
  best: P | null
  bestCapacity: number
}

/** Parent → child when it changed, at most every 1 s. */
export interface Place<P> {
  type: 'place'
  stripe: number
  /** Hops from the source to the sender. */
  depth: number
  branch: P | null
  grand: P | null
  room: number
  /** As in `Welcome`; empty when unchanged; told to children that forward this stripe. */
  spare: number[]
}

/** Send me pieces `from` to `until` (included) of a stripe, at most `MESH_LIMITS.range`, out of what you keep for repairs. */
export interface Pull {
  type: 'pull'
  stripe: number
  from: number
  until: number
}

/** Answer to a `pull` that is not granted. */
export interface Deny {
  type: 'deny'
  stripe: number
}

/** Parent → children: I miss pieces too and am repairing; do not repair below me before this is over, milliseconds. */
export interface Waiting {
  type: 'waiting'
  stripe: number
  forMs: number
}

/** Does `of` serve you in this stripe, on time? */
export interface Audit<P> {
  type: 'audit'
  stripe: number
  of: P
}

/** Answer to an `audit`. */
export interface Vouch<P> {
  type: 'vouch'
  stripe: number
  of: P
  served: boolean
}

/** Rank of a member without children: below everybody. */
export const LEAF_RANK = 1e9
