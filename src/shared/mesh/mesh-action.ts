import type { MeshMessage } from './mesh-message'

/** What a node wants done, in this order. */
export type MeshAction<P extends string | number> =
  /** Send; dial first when there is no link. Failing is told as `linkDown`. */
  | { type: 'send'; to: P; message: MeshMessage<P> }
  /** Keep a link to this peer open and measure its round trip. */
  | { type: 'dial'; peer: P }
  /** Nothing binds us to this peer any more: the link may close once what was sent is out. */
  | { type: 'hangUp'; peer: P }
  /**
   * From now on push (or stop pushing) every piece of this stripe to a child, beginning behind `after` (-1: at the newest key frame).
   * Each piece goes to children of larger `capacity` (slots that they forward it with) first.
   */
  | { type: 'forward'; stripe: number; child: P; on: boolean; after: number; capacity: number }
  /** This peer sends the stripe from now on (null: nobody does). The data plane judges lateness against it. */
  | { type: 'parent'; stripe: number; parent: P | null }
  /** Send a child or neighbour these pieces once, as far as they are here. Already taken from the repair budget. */
  | { type: 'serve'; to: P; stripe: number; from: number; until: number }
  /** The stripes that the relay must carry; empty: the relay is not needed. Sent when it changes. */
  | { type: 'relay'; stripes: readonly number[] }
  /** Hang up and take nothing from this peer until then. */
  | { type: 'bar'; peer: P; untilMs: number }
