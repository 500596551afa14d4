import type { BeautySettings } from '@shared/media/beauty-settings'
import { smoothStep } from '../face-region'
import { LIPS_INNER, LIPS_OUTER } from '../mesh-indices'
import type { FacePose } from './face-pose'
import { MOUTH_MOVES } from './mouth-moves'
import type { PushList } from './push'

/** How far the outer edge moves, as a share of the lip's thickness: fuller, thinner. */
const FULLER = 0.6
const THINNER = 0.55
/** How far around a point of a lip the picture goes with it, in face widths. */
const REACH = 0.085

/**
 * Adds the moves of `lips`: the outer edge goes away from the inner one, which is held, so that teeth stay as they are.
 * The corners of the mouth are points where both edges meet, and stand still by themselves.
 */
export function addLipMoves(pushes: PushList, pose: FacePose, settings: BeautySettings): void {
  const [none, full] = MOUTH_MOVES.turn
  const value = settings.lips * pose.strength * smoothStep(none, full, pose.visible)
  if (value === 0) return
  const share = value > 0 ? value * FULLER : value * THINNER
  const { points, unitAcross, unitUp } = pose
  const [reachAcross, reachUp] = [REACH * unitAcross, REACH * unitUp]
  for (let i = 0; i < LIPS_OUTER.length; i++) {
    const [outer, inner] = [LIPS_OUTER[i]! * 3, LIPS_INNER[i]! * 3]
    const mx = share * (points[outer]! - points[inner]!)
    const my = share * (points[outer + 1]! - points[inner + 1]!)
    pushes.add(pose, points[outer]!, points[outer + 1]!, mx, my, reachAcross, reachUp)
    pushes.add(pose, points[inner]!, points[inner + 1]!, 0, 0, reachAcross, reachUp)
  }
}
