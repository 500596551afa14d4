import type { BeautySettings } from '@shared/media/beauty-settings'
import { smoothStep } from '../face-region'
import { distanceAlong, type FacePose } from './face-pose'
import type { PushList } from './push'

/** A part of the face, once in the middle or once on each side. */
export interface FacePart {
  /** Points whose mean is the middle of the part. */
  at: readonly number[]
  /** Two points whose distance across is the part's unit: it follows the turn of the head. */
  unit: readonly [number, number]
  /** Outwards is this way along `across`: -1 on the person's right, 1 on the left, 1 in the middle. */
  side: 1 | -1
}

/** What a control does with a part at strength 1. Across in units of the part, up in face widths. */
export interface PartMove {
  parts: readonly FacePart[]
  reach: readonly [across: number, up: number]
  /** Outwards and up. */
  move?: readonly [across: number, up: number]
  /** 0.3 enlarges to 1 / 0.7 in the middle, -0.3 shrinks to 1 / 1.3. */
  grow?: readonly [across: number, up: number]
  /** The middle goes as one piece. */
  firm?: boolean
}

/** The moves of a group of controls. */
export interface PartGroup {
  moves: Partial<Record<keyof BeautySettings, readonly PartMove[]>>
  /** Visible width of the face at which the group does nothing, and from which on it does all. */
  turn: readonly [none: number, full: number]
}

/** Adds the moves of a group that the settings ask for. */
export function addPartMoves(pushes: PushList, pose: FacePose, settings: BeautySettings, group: PartGroup): void {
  for (const id in group.moves) {
    const control = id as keyof PartGroup['moves']
    const asked = settings[control]
    if (typeof asked !== 'number' || asked === 0) continue
    const value = asked * pose.strength * smoothStep(group.turn[0], group.turn[1], pose.visible)
    if (value === 0) continue
    for (const move of group.moves[control]!) for (const part of move.parts) addPush(pushes, pose, move, part, value)
  }
}

function addPush(pushes: PushList, pose: FacePose, spec: PartMove, part: FacePart, value: number): void {
  const { points, across, up, unitUp, unitAcross } = pose
  const unit = Math.max(Math.abs(distanceAlong(points, part.unit[0], part.unit[1], across)), 0.04 * unitAcross)
  const reachAcross = Math.max(spec.reach[0] * unit, 1)
  const reachUp = Math.max(spec.reach[1] * unitUp, 1)
  const [outwards, rise] = spec.move ?? [0, 0]
  const [growAcross, growUp] = spec.grow ?? [0, 0]
  const moveAcross = value * outwards * unit * part.side
  const moveUp = value * rise * unitUp
  let [x, y] = [0, 0]
  for (const index of part.at) {
    x += points[index * 3]!
    y += points[index * 3 + 1]!
  }
  const push = pushes.add(
    pose,
    x / part.at.length,
    y / part.at.length,
    moveAcross * across[0] + moveUp * up[0],
    moveAcross * across[1] + moveUp * up[1],
    reachAcross,
    reachUp,
  )
  push.sxx = value * (growAcross * across[0] * across[0] + growUp * up[0] * up[0])
  push.sxy = value * (growAcross * across[0] * across[1] + growUp * up[0] * up[1])
  push.syy = value * (growAcross * across[1] * across[1] + growUp * up[1] * up[1])
  push.firm = spec.firm ?? false
}
