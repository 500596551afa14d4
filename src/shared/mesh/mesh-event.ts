import type { MeshMessage } from './mesh-message'

/** What a node is told. Times are arguments of `MeshNode.handle`. */
export type MeshEvent<P extends string | number> =
  /** Begin. The broadcaster needs no members; a viewer names members it has heard of, the source among them or not. */
  | { type: 'start'; members: readonly P[] }
  /** Discovery found more members. */
  | { type: 'members'; members: readonly P[] }
  /** A decoded message. */
  | { type: 'message'; from: P; message: MeshMessage<P> }
  /** A connection to this peer is open. Optional: a message from it says the same. */
  | { type: 'linkUp'; peer: P }
  /** The connection broke, or a dial or a send failed. Never after our own `hangUp`. */
  | { type: 'linkDown'; peer: P }
  /** A measured round trip; `MeshNode` smooths. Of linked peers about every 10 s. */
  | { type: 'rtt'; peer: P; ms: number }
  /**
   * A child acknowledged pieces that we sent it (receipts of the data plane, about every 250 ms, never a child's claim about
   * itself): `pieces` arrived in time, `late` did not or waited in our queue longer than 100 ms of stripe.
   */
  | { type: 'confirmed'; child: P; stripe: number; pieces: number; late: number }
  /**
   * The stripe is later than twice its jitter, or a number is missing: pieces `from` to `until` (included). Told again while it
   * lasts, at most every 50 ms; `until` may be a guess from other stripes.
   */
  | { type: 'late'; stripe: number; from: number; until: number }
  /** Pieces flow in order again. */
  | { type: 'flowing'; stripe: number }
  /** This peer sent a forged or wrong piece or broke the protocol. */
  | { type: 'liar'; peer: P }
  /** The owner's limit of the uplink for this show, or its lowering; bits a second, Infinity for none. */
  | { type: 'uplink'; limitBps: number }
  /** The broadcaster's own uplink as measured, bits a second (`BitrateController`); viewers prove theirs by `confirmed`. */
  | { type: 'measured'; uplinkBps: number }
  /**
   * What this viewer's uplink is known to carry, bits a second: out of a burst that somebody else timed, or of earlier shows.
   * Corrected by `confirmed`; without it slots grow with what children confirm. `atLeast`: it was seen to carry that much, and may
   * carry more.
   */
  | { type: 'proved'; uplinkBps: number; atLeast?: boolean }
  /** Time has come: to be told when `MeshNode.wakeAt` is reached. Early or late ticks do no harm. */
  | { type: 'tick' }
  /** Leave the room and tell the neighbours. Nothing may be told afterwards. */
  | { type: 'stop' }
