import type { BeautySettings } from '@shared/media/beauty-settings'
import { openFile } from '../ffmpeg-capture'
import type { EngineParts } from '../engine-parts'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import type { PersonEffect } from '../person/person-effect'
import { PersonWork } from '../person/person-work'

/** A face finder and changer that only record what they are asked; the source is a real file by real ffmpeg. */
export class FakeParts implements EngineParts {
  tracked = 0
  applied: ('full' | 'no-warp')[] = []
  resets = 0
  closed = false
  settings: BeautySettings | null = null
  /** Set before `createPerson`. */
  effects: PersonEffect[] = []
  /** What was logged about effects. */
  readonly lines: string[] = []
  /** Runs inside `track`, for tests that are slow or break there. */
  onTrack: () => Promise<void> | void = () => undefined
  /** Runs inside `apply`. */
  onApply: (frame: I420Frame) => void = () => undefined
  private readonly face: Face = { score: 1, box: [0, 0, 2, 2], points: new Float32Array(468 * 3) }

  constructor(
    private readonly ffmpegPath: string,
    private readonly unpaced = true,
  ) {}

  private readonly finder = {
    track: async (): Promise<Face[]> => {
      this.tracked++
      await this.onTrack()
      return [this.face]
    },
    last: [this.face],
    reset: (): void => {
      this.resets++
    },
  }

  private readonly changer = {
    apply: (
      frame: I420Frame,
      faces: readonly Face[],
      settings: BeautySettings,
      effort: 'full' | 'no-warp' = 'full',
    ): readonly Face[] => {
      this.applied.push(effort)
      this.settings = settings
      this.onApply(frame)
      return faces
    },
  }

  createPerson = (): PersonWork =>
    new PersonWork(this.finder, this.changer, this.effects, (line) => this.lines.push(line))

  listDevices: EngineParts['listDevices'] = () =>
    Promise.resolve({ cameras: [{ id: '/dev/video0', label: 'Webcam' }], microphones: [], screens: [], windows: [] })

  openSource: EngineParts['openSource'] = (spec, format) => {
    if (spec.kind !== 'file') throw new Error('Only files here.')
    return openFile(spec, { ffmpegPath: this.ffmpegPath, format, unpaced: this.unpaced })
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}
