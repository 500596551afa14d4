/**
 * Messages between members of one show. `P` is the key of a peer: its id as a string in the app, a number in the simulator.
 * All numbers are finite; integers unless said otherwise; `stripe` is below `MeshSettings.stripes`. A decoder refuses what
 * is outside the ranges named here (`MESH_LIMITS`). Unknown `type`s are ignored, so that newer members can be understood.
 *
 * [Note: Registrars] How a viewer gets its parents: `report` to a registrar (the broadcaster,
 * which keeps the picture of the room), which answers with `assign`: for each stripe a parent that has room and a
 * silent second one. The viewer sends `attach` to both; `accept` or `refuse` comes back. Whoever is asked and is no registrar
 * answers `redirect`. A registrar only proposes: slots and ranks are kept by the members themselves, so a wrong picture costs a
 * refusal and never a circle or a slot too many.
 */
export type MeshMessage<P extends string | number> =
  | Report<P>
  | Assign<P>
  | Redirect<P>
  | Attach<P>
  | Accept
  | Refuse
  | Leave
  | Drop
  | Move<P>
  | Pull
  | Deny
  | Waiting
  | Audit
  | Vouch

/** `serve`: sends every piece. `standby`: the silent second parent. */
export type LinkMode = 'serve' | 'standby'

/** Why a parent was given up: it sent nothing (in time), did not answer, said no, or sent what it must not. */
export const BLAMES = ['silent', 'absent', 'refused', 'liar'] as const
export type Blame = (typeof BLAMES)[number]

/** Member → registrar, the first one to any member: how things stand with me. */
export interface Report<P> {
  type: 'report'
  /** Slots that were proven, in all stripes. */
  slots: number
  /** Stripes without a parent, with the sender's rank ([Note: Ranks]): `LEAF_RANK` while nobody hangs on it. */
  lacking: { stripe: number; rank: number }[]
  /** Parents that were taken without being assigned: the second one took over. */
  moved: { stripe: number; parent: P }[]
  /** Parents and second parents that did not do, at most `MESH_LIMITS.blames`. */
  blame: { stripe: number; peer: P; why: Blame }[]
  /** I leave the show. */
  gone: boolean
}

/** One place in one tree. */
export interface Place<P> {
  stripe: number
  /** Null: stay where you are, this is about the second parent. */
  parent: P | null
  /** Null beside no parent: give up the second one that you have. */
  standby: P | null
  /** You are meant to forward this stripe. */
  inner: boolean
  /** The child of `parent` that you displace, and whom it is to ask instead (null: its registrar). */
  displaces: P | null
  to: P | null
}

/** Registrar → member: take these places. Also unasked. */
export interface Assign<P> {
  type: 'assign'
  /** Viewers in the room as far as known, 0 for unknown. */
  room: number
  /** At most `MESH_LIMITS.places`. */
  places: Place<P>[]
  /** Somebody waits for a slot: prove more of them, if your line has more. */
  grow: boolean
  /** Other registrars, should this one be gone; at most `MESH_LIMITS.members`. */
  others: P[]
}

/** Answer to a `report` by one that is no registrar, or has no room: ask these, in this order. */
export interface Redirect<P> {
  type: 'redirect'
  /** At most `MESH_LIMITS.members`. */
  to: P[]
}

/** Child → parent: I am your child from now on. */
export interface Attach<P> {
  type: 'attach'
  stripe: number
  mode: LinkMode
  rank: number
  /** Slots that the child forwards this stripe with, 0: a leaf. Larger ones are served first. */
  capacity: number
  /** The newest piece of this stripe that the child has, -1 for none: the parent sends what follows. */
  after: number
  displaces: P | null
  to: P | null
}

/** Parent → child: answer to `attach`. */
export interface Accept {
  type: 'accept'
  stripe: number
  mode: LinkMode
  rank: number
  /** Hops from the source, 0 to 255. */
  depth: number
  /** The child's rank must become smaller than this (real); 0: no matter. */
  below: number
}

/** Answer to an `attach`; of a registrar: there is no place in this stripe now, you are on its list. */
export interface Refuse {
  type: 'refuse'
  stripe: number
  mode: LinkMode
  /** Do not ask again before, milliseconds, at most `MESH_LIMITS.retryMs`. */
  retryMs: number
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

/** Registrar → member that was blamed: are you there, and how is it in this stripe? */
export interface Audit {
  type: 'audit'
  stripe: number
}

/** Answer to an `audit`. */
export interface Vouch {
  type: 'vouch'
  stripe: number
  /** The stripe comes in here. */
  served: boolean
  slots: number
}

/** Rank of a member without children: below everybody. */
export const LEAF_RANK = 1e9
