import type { MakeupView } from './makeup-view'

/** What is remembered of one eye between pictures. */
export interface EyeMemory {
  /** The iris in eye widths from the middle of the eye: along to the inner corner, up. NaN: not seen yet. */
  along: number
  up: number
  /** How surely the eye is uncovered; NaN: not seen yet. */
  seen: number
  /** How surely there is an iris where it was found. */
  sure: number
}

/** What is remembered of one face between pictures. */
export interface FaceMemory {
  x: number
  y: number
  /** Face width in pixels when it was last seen; 0: free. */
  width: number
  /** Number of the picture that it was last seen in. */
  picture: number
  /** How surely the lips are uncovered; NaN: not seen yet. */
  lips: number
  eyes: [EyeMemory, EyeMemory]
}

const FACES = 8
/** After so many pictures without it a face is a new one. */
const FORGET = 15

/** Finds the memory of a face by its place. */
export class FaceMemories {
  readonly #faces = Array.from({ length: FACES }, newFace)
  #picture = 0

  /** The next picture begins. */
  next(): void {
    this.#picture++
  }

  of({ region }: MakeupView): FaceMemory {
    const [x, y] = region.centre
    const picture = this.#picture
    let found: FaceMemory | undefined
    let nearest = 0.5 * region.faceWidth
    for (const face of this.#faces) {
      if (face.width === 0 || face.picture === picture || picture - face.picture > FORGET) continue
      const distance = Math.hypot(face.x - x, face.y - y)
      if (distance < nearest && face.width < 1.6 * region.faceWidth && region.faceWidth < 1.6 * face.width) {
        nearest = distance
        found = face
      }
    }
    if (!found) {
      found = this.#faces[0]!
      for (const face of this.#faces) if (face.picture < found.picture) found = face
      forget(found)
    }
    found.x = x
    found.y = y
    found.width = region.faceWidth
    found.picture = picture
    return found
  }

  reset(): void {
    for (const face of this.#faces) {
      forget(face)
      face.width = 0
      face.picture = 0
    }
    this.#picture = 0
  }
}

/** A value that follows what is measured at the given share a picture; the first one is taken as it is. */
export function follow(before: number, now: number, share: number): number {
  return Number.isNaN(before) ? now : before + (now - before) * share
}

function newFace(): FaceMemory {
  const eye = (): EyeMemory => ({ along: NaN, up: NaN, seen: NaN, sure: NaN })
  return { x: 0, y: 0, width: 0, picture: 0, lips: NaN, eyes: [eye(), eye()] }
}

function forget(face: FaceMemory): void {
  face.lips = NaN
  for (const eye of face.eyes) eye.along = eye.up = eye.seen = eye.sure = NaN
}
