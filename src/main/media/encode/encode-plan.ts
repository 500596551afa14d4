import { QUALITIES, type EncodeSettings } from '@shared/media/encode-settings'
import type { StudioFormat } from '../studio-format'
import type { EncoderName, PictureSettings } from './picture-settings'

/** Pixels a second that the bitrates of `QUALITIES` are meant for. */
const NOMINAL = 1280 * 720 * 30
/** Below this a picture of full size falls to blocks; kilobits for 1280x720 at 30 fps. Apart, so that it does not flap. */
const TOO_FEW_KBPS = 700
const ENOUGH_KBPS = 1000

/** What takes work off the encoder, each with all before it. */
const OVERLOAD_STEPS = [
  { scale: 1, sparse: false },
  { scale: 3 / 4, sparse: false },
  { scale: 1 / 2, sparse: false },
  { scale: 1 / 2, sparse: true },
] as const
/** The highest step of `EncodePlan.overload`. */
export const MOST_OVERLOAD = OVERLOAD_STEPS.length

/** Joins what the person wants, what the network carries and what the computer can do into one way of encoding. */
export class EncodePlan {
  /** What the person has chosen. */
  settings: EncodeSettings
  /** The hardware encoder that works, else libx264. */
  hardware: EncoderName = 'libx264'
  /** The most that may leave, kilobits a second; null: no limit is known. */
  networkKbps: number | null = null
  /** 0: none; 1: the lightest preset; then the steps above. */
  overload = 0
  private shrunk = false

  constructor(
    private readonly format: StudioFormat,
    settings: EncodeSettings,
  ) {
    this.settings = settings
  }

  /** Kilobits a second that the chosen quality has when nothing is in its way. */
  get fullKbps(): number {
    return QUALITIES[this.settings.quality].kbps
  }

  /** Whether the chosen quality has the lightest preset. */
  get isLightest(): boolean {
    return QUALITIES[this.settings.quality].preset === 'superfast'
  }

  /** How pictures are to be encoded now. */
  picture(): PictureSettings {
    const { format, overload, networkKbps } = this
    const { preset, kbps: full } = QUALITIES[this.settings.quality]
    const { sparse, scale } = OVERLOAD_STEPS[Math.max(0, overload - 1)] ?? OVERLOAD_STEPS[0]
    const kbps = Math.round(Math.min(full, networkKbps ?? full))
    const size = (format.width * format.height * format.fps) / NOMINAL
    if (kbps < TOO_FEW_KBPS * Math.min(1, size)) this.shrunk = true
    else if (kbps >= ENOUGH_KBPS * Math.min(1, size)) this.shrunk = false
    const final = this.shrunk ? Math.min(scale, 1 / 2) : scale
    return {
      encoder: this.settings.encoder === 'auto' ? this.hardware : 'libx264',
      preset: overload > 0 ? 'superfast' : preset,
      // A smaller picture needs fewer bits for the same look.
      kbps: Math.min(kbps, Math.round(full * scaleOfBits(scale))),
      width: even(format.width * final),
      height: even(format.height * final),
      sparse,
    }
  }

  /** What has been lowered, for the person; empty: nothing. */
  get words(): string {
    const { width, height, sparse } = this.picture()
    const words: string[] = []
    const limit = this.networkKbps
    if (limit !== null && limit < this.fullKbps) {
      words.push(`bitrate ${(limit / 1000).toFixed(1)} of ${(this.fullKbps / 1000).toFixed(1)} Mbps (network)`)
    }
    if (height < this.format.height)
      words.push(`picture ${width}x${height}${this.shrunk ? ' (network)' : ' (computer)'}`)
    if (sparse) words.push(`${Math.round((this.format.fps * 4) / 5)} pictures a second (computer)`)
    return words.join(', ')
  }
}

/** Bits grow slower than pixels: three quarters of the pixels' share as a rule of thumb (guess). */
function scaleOfBits(scale: number): number {
  return scale === 1 ? 1 : scale ** 1.5
}

function even(size: number): number {
  return Math.max(2, Math.round(size / 2) * 2)
}
