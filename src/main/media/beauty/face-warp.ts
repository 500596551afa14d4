import type { BeautySettings } from '@shared/media/beauty-settings'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import type { FaceRegion } from './face-region'
import type { PixelKernel } from './pixel-kernel'
import { RegionPlanes } from './region-planes'
import { EYE_MOVES } from './warp/eye-moves'
import { facePose } from './warp/face-pose'
import { addLipMoves } from './warp/lip-moves'
import { MoveField } from './warp/move-field'
import { movedFace } from './warp/moved-points'
import { MOUTH_MOVES } from './warp/mouth-moves'
import { NodeGrid, nodeCapacity } from './warp/node-grid'
import { NOSE_MOVES } from './warp/nose-moves'
import { addOutlineMoves, OUTLINE_MOVES } from './warp/outline-moves'
import { addPartMoves } from './warp/part-moves'
import { PushList } from './warp/push'

/** All controls that change the shape of a face. */
export const SHAPE_CONTROLS = [
  ...Object.keys(OUTLINE_MOVES),
  ...[EYE_MOVES, NOSE_MOVES, MOUTH_MOVES].flatMap(({ moves }) => Object.keys(moves)),
  'lips',
] as (keyof typeof OUTLINE_MOVES | 'eyes' | 'lips')[]

/**
 * Changes the shape of a face: every control is a few smooth local moves around points of the mesh (`warp/`). The
 * groups are carried out one after the other, each at the places where the ones before have brought the picture, and
 * each only so far as nothing folds over. What lies outside of a face's region stays.
 */
export class FaceWarp {
  /** Where the pixel at each node comes from, by the last plan. */
  readonly grid: NodeGrid
  readonly #field: MoveField
  readonly #planes = new RegionPlanes()
  readonly #outline = new PushList()
  readonly #eyes = new PushList()
  readonly #nose = new PushList()
  readonly #mouth = new PushList()
  readonly #lips = new PushList()
  readonly #groups = [this.#outline, this.#eyes, this.#nose, this.#mouth, this.#lips]

  /** For frames of this size, in pixels. */
  constructor(kernel: PixelKernel, width: number, height: number) {
    this.grid = new NodeGrid(kernel, width, height)
    this.#field = new MoveField(nodeCapacity(width, height))
  }

  /** Whether the settings ask for another shape. */
  static wants(settings: BeautySettings): boolean {
    return SHAPE_CONTROLS.some((id) => settings[id] !== 0)
  }

  /**
   * Works out where everything goes, for a face in a frame of width x height pixels.
   * @returns whether anything is to be moved
   */
  plan(region: FaceRegion, settings: BeautySettings, width: number, height: number): boolean {
    const pose = facePose(region)
    for (const group of this.#groups) group.clear()
    addOutlineMoves(this.#outline, pose, settings)
    addPartMoves(this.#eyes, pose, settings, EYE_MOVES)
    addPartMoves(this.#nose, pose, settings, NOSE_MOVES)
    addPartMoves(this.#mouth, pose, settings, MOUTH_MOVES)
    addLipMoves(this.#lips, pose, settings)
    const { grid } = this
    const field = this.#field
    if (!grid.fit(region, this.#groups)) return false
    field.begin(region, width, height)
    field.addMean(grid, this.#outline, 0.4)
    field.addSum(grid, this.#eyes, 0.36)
    field.addSum(grid, this.#nose, 0.33)
    field.addSum(grid, this.#mouth, 0.3)
    field.addMean(grid, this.#lips, 0.27)
    return true
  }

  /**
   * Moves the pixels as planned.
   * @param pixels the frame's bytes as the kernel has them
   */
  carryOut(kernel: PixelKernel, pixels: Uint8Array, { width, height }: I420Frame): void {
    const { grid } = this
    const { moves, cell } = grid
    const planes = this.#planes
    planes.fit(pixels, width, height, grid)
    kernel.moveCells(planes.y, moves, cell, 1)
    const [colour, colourCell] = cell < 16 ? [grid.halve(), cell] : [moves, cell >> 1]
    kernel.moveCells(planes.u, colour, colourCell, 0.5)
    kernel.moveCells(planes.v, colour, colourCell, 0.5)
  }

  /** A face as it lies after the last plan that moved anything; itself when it did not move. */
  moved(face: Face): Face {
    return movedFace(face, this.grid)
  }
}
