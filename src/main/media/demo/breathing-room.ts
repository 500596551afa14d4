import type { I420Frame } from '../i420'
import { planesOf } from '../i420'

/** Steps between breathing out and in; at 720p one step moves the shoulders by a fifth of a pixel. */
const PHASES = 24

/**
 * The picture behind the head, room and shoulders, drawn ahead for every phase of the breath: a frame then starts as
 * a copy. Only the rows that breathing changes are kept once per phase.
 */
export class BreathingRoom {
  private readonly phases: Uint8Array[] = []
  private readonly firstRow: number

  /**
   * @param room the empty room
   * @param drawBody draws the shoulders into a frame; breath -1 (out) .. 1 (in)
   * @param firstRow first row that any phase touches, even
   */
  constructor(
    private readonly room: I420Frame,
    drawBody: (frame: I420Frame, breath: number) => void,
    firstRow: number,
  ) {
    this.firstRow = Math.max(0, firstRow & ~1)
    for (let phase = 0; phase < PHASES; phase++) {
      const frame: I420Frame = { ...room, data: room.data.slice() }
      drawBody(frame, (phase / (PHASES - 1)) * 2 - 1)
      const { y, u, v } = planesOf(frame)
      const lumaFrom = this.firstRow * room.width
      const chromaFrom = lumaFrom / 4
      const kept = new Uint8Array(((y.length - lumaFrom) * 3) / 2)
      kept.set(y.subarray(lumaFrom))
      kept.set(u.subarray(chromaFrom), y.length - lumaFrom)
      kept.set(v.subarray(chromaFrom), y.length - lumaFrom + u.length - chromaFrom)
      this.phases.push(kept)
    }
  }

  /** The drawn breath nearest to `breath`; what joins the shoulders must use it, or pixels gape at the seam. */
  snap(breath: number): number {
    return (phaseOf(breath) / (PHASES - 1)) * 2 - 1
  }

  /** Copies the picture for `breath` (-1 .. 1) into `out`. */
  copyTo(out: I420Frame, breath: number): void {
    const luma = this.room.width * this.room.height
    const lumaFrom = this.firstRow * this.room.width
    const rest = luma - lumaFrom
    const phase = this.phases[phaseOf(breath)]!
    const { data } = this.room
    out.data.set(data.subarray(0, lumaFrom))
    out.data.set(phase.subarray(0, rest), lumaFrom)
    for (const plane of [0, 1]) {
      const start = luma + (plane * luma) / 4
      out.data.set(data.subarray(start, start + lumaFrom / 4), start)
      const from = rest + (plane * rest) / 4
      out.data.set(phase.subarray(from, from + rest / 4), start + lumaFrom / 4)
    }
  }
}

function phaseOf(breath: number): number {
  return Math.round(((Math.min(1, Math.max(-1, breath)) + 1) / 2) * (PHASES - 1))
}
