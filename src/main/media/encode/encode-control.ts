import { StudioError } from '@shared/errors'
import type { EncodeSettings } from '@shared/media/encode-settings'
import type { UplinkSample } from '@shared/media/uplink-sample'
import type { StudioFormat } from '../studio-format'
import { BitrateController } from './bitrate-controller'
import { EncodePlan } from './encode-plan'
import { OverloadLadder } from './overload-ladder'
import type { EncoderName, PictureSettings } from './picture-settings'
import { SmallGate } from './small-gate'
import { isWorthIt, smallSettings } from './small-settings'

/** Below this there is no picture worth sending, kilobits a second. */
const FLOOR_KBPS = 400
/** The encoder is changed for a step up of at least this share: each change costs a program start. */
const WORTH_A_CHANGE = 0.04

/** What is encoded with. */
interface Encoding {
  readonly settings: PictureSettings
  change(settings: PictureSettings): void
  readonly hasSmall: boolean
  setSmall(on: boolean): void
}

/** Keeps a running encoding at what the person wants, the line carries and the computer can do. */
export class EncodeControl {
  private readonly plan: EncodePlan
  private line: BitrateController
  private ladder = new OverloadLadder()
  private told = false
  private found: EncoderName = 'libx264'
  private encoding: Encoding | null = null
  private gate: SmallGate

  constructor(
    private readonly format: StudioFormat,
    settings: EncodeSettings,
    /** Takes words for the person. */
    private readonly tell: (notice: StudioError) => void,
    /** How long the computer must have been calm before there is a small rendition, milliseconds; tests. */
    private readonly calmMs?: number,
  ) {
    this.gate = new SmallGate(calmMs)
    this.plan = new EncodePlan(format, settings)
    this.line = this.newLine()
  }

  /** What was lowered, in words; empty: nothing. */
  get words(): string {
    return this.encoding ? this.plan.words : ''
  }

  /** In which sizes viewers can have the picture, and why not in the small one, in words; empty: nothing is encoded. */
  get renditions(): string {
    const { encoding } = this
    if (!encoding) return ''
    const { width, height } = encoding.settings
    const small = smallSettings(this.format)
    const source = `${width}x${height}`
    if (!small || !isWorthIt(encoding.settings)) return `${source} alone, it is small already`
    const size = `${small.width}x${small.height}`
    if (encoding.hasSmall) return `${source} and ${size}`
    return this.gate.isOpen ? `${source}; ${size} starts` : `${source}; no ${size}: ${this.gate.words}`
  }

  /** The small rendition broke or was too slow. */
  smallEnded(now: number, why: string): void {
    this.gate.close(now, why)
  }

  /** The person chose otherwise. */
  set settings(settings: EncodeSettings) {
    this.plan.settings = settings
    this.plan.hardware = this.found
    this.line.setMax(this.plan.fullKbps)
    this.limit()
    this.apply()
  }

  /** What the trials of the hardware have shown. A live that runs already stays as it is: another encoder is seen. */
  set hardware(encoder: EncoderName) {
    this.found = encoder
  }

  /** How a new encoding begins. Nothing is known of its line. */
  begin(): PictureSettings {
    this.line = this.newLine()
    this.ladder = new OverloadLadder()
    this.gate = new SmallGate(this.calmMs)
    this.told = false
    this.plan.hardware = this.found
    this.plan.networkKbps = null
    this.plan.overload = 0
    return this.plan.picture()
  }

  /** The encoding that is kept from now on; null: none. */
  follow(encoding: Encoding | null): void {
    this.encoding = encoding
  }

  /** An encoder broke and was replaced by this one. */
  replaced({ encoder }: PictureSettings): void {
    if (encoder === 'libx264') this.found = this.plan.hardware = 'libx264'
  }

  uplink(sample: UplinkSample): void {
    if (!this.encoding) return
    this.line.take(sample)
    this.limit()
    this.apply()
  }

  /**
   * Called about once a second. What the computer cannot do is taken off it in this order: the small rendition at once,
   * then, if it is still too slow, the steps of the ladder.
   * @param slow frames were late, reduced or lost since the last time
   * @param free of the processor, percent of one core; null: not known
   */
  load(now: number, slow: boolean, free: number | null = null): void {
    const { encoding, gate } = this
    if (!encoding) return
    const before = this.plan.overload
    const hadSmall = gate.isOpen
    const isWorth = smallSettings(this.format) !== null && isWorthIt(encoding.settings)
    // What has been lowered for the source's sake comes back before there is a second one.
    if (hadSmall && !isWorth) gate.close(now, '')
    encoding.setSmall(isWorth && gate.take(now, free, slow || before > 0))
    this.plan.overload = this.ladder.take(now, slow && !hadSmall, this.plan.isLightest)
    if (this.plan.overload > before && !this.told) {
      this.told = true
      this.tell(new StudioError('computer-slow', TOO_SLOW))
    }
    this.apply()
  }

  private newLine(): BitrateController {
    return new BitrateController({ floorKbps: FLOOR_KBPS, maxKbps: this.plan.fullKbps })
  }

  private limit(): void {
    const { targetKbps } = this.line
    this.plan.networkKbps = targetKbps < this.plan.fullKbps ? targetKbps : null
  }

  private apply(): void {
    const { encoding } = this
    if (!encoding) return
    const wanted = this.plan.picture()
    const { kbps } = encoding.settings
    const isMore = wanted.kbps > kbps && wanted.kbps < kbps * (1 + WORTH_A_CHANGE)
    encoding.change(isMore ? { ...wanted, kbps } : wanted)
  }
}

const TOO_SLOW =
  'This computer is too busy for the whole picture: it is sent smaller until there is time again. Close other programs or choose the quality Saver.'
