import type { AlertMotion, GiftAlert } from '@shared/media/gift-alert'
import type { ScenePlace } from '@shared/media/scene'
import type { I420Frame } from '../i420'
import { BITS, bitPoseAt, poseAt, type Pose } from './alert-motion'
import { YuvaPicture, type PixelRectangle } from './yuva-picture'

interface Shown {
  key: string
  gift: YuvaPicture
  banner: YuvaPicture
  motion: AlertMotion
  showMs: number
  /** Since the gift began to move, and since its banner came. */
  giftMs: number
  bannerMs: number
  /** Which line of banners, 0 the lowest. */
  line: number
}

/** Seen at once; a line of banners each. */
const MOST_SHOWN = 3
/** Waiting: beyond it the least worth goes, so that no delay grows. */
const MOST_WAITING = 12
const BANNER_MS = 4_000
const SLIDE_MS = 220
/** Height of a banner and the gap around it, shares of the place's height. */
const BANNER_HEIGHT = 0.13
const GAP = 0.02
/** A banner takes at most so much of the place's width. */
const BANNER_WIDTH = 0.94

/**
 * Gifts in the picture of the show: drawn over finished frames at the place that the scene gives them. Time is that of
 * the frames; while there is nothing to show, a frame costs one comparison.
 */
export class AlertStage {
  private place_: ScenePlace | null = null
  private shown: Shown[] = []
  private waiting: GiftAlert[] = []

  /** Where gifts are drawn, shares of the frame; null: nowhere, and what was shown or waited is given up. */
  set place(place: ScenePlace | null) {
    this.place_ = place
    if (place !== null) return
    this.shown = []
    this.waiting = []
  }

  get place(): ScenePlace | null {
    return this.place_
  }

  /** Something is seen. */
  get isBusy(): boolean {
    return this.shown.length > 0
  }

  /** Shows a gift from the next frame on, or after those before it. */
  show(alert: GiftAlert): void {
    if (this.place_ === null) return
    const running = this.shown.find(({ key }) => key === alert.key)
    if (running !== undefined) {
      // a combo: the banner counts up where it stands, the gift plays again when it is over
      running.banner = new YuvaPicture(alert.banner)
      running.bannerMs = Math.min(running.bannerMs, SLIDE_MS)
      if (running.giftMs >= running.showMs) running.giftMs = 0
      return
    }
    const same = this.waiting.findIndex(({ key }) => key === alert.key)
    if (same >= 0) this.waiting[same] = alert
    else this.waiting.push(alert)
    if (this.waiting.length > MOST_WAITING) {
      const least = this.waiting.reduce((low, one) => (one.worth < low.worth ? one : low))
      this.waiting.splice(this.waiting.indexOf(least), 1)
    }
    this.fill()
  }

  /** Draws what is seen now, then lets time go on. @param ms length of the frame, milliseconds */
  draw(frame: I420Frame, ms: number): void {
    const { place_: place } = this
    if (this.shown.length === 0 || place === null) return
    const clip = clipOf(place, frame)
    for (const one of this.shown) drawGift(one, place, frame, clip)
    for (const one of this.shown) drawBanner(one, place, frame, clip)
    for (const one of this.shown) {
      one.giftMs += ms
      one.bannerMs += ms
    }
    if (!this.shown.some(isOver)) return
    this.shown = this.shown.filter((one) => !isOver(one))
    this.fill()
  }

  private fill(): void {
    while (this.shown.length < MOST_SHOWN) {
      const alert = this.waiting.shift()
      if (alert === undefined) return
      const { key, gift, banner, motion, showMs } = alert
      const line = [0, 1, 2].find((free) => this.shown.every((one) => one.line !== free)) ?? 0
      this.shown.push({
        ...{ key, motion, showMs, line, giftMs: 0, bannerMs: 0 },
        ...{ gift: new YuvaPicture(gift), banner: new YuvaPicture(banner) },
      })
    }
  }
}

function isOver({ giftMs, bannerMs, showMs }: Shown): boolean {
  return bannerMs >= BANNER_MS && giftMs >= showMs
}

/** The place in whole, even pixels of the frame. */
function clipOf({ x, y, width, height }: ScenePlace, frame: I420Frame): PixelRectangle {
  const even = (share: number, side: number): number => Math.min(side, Math.max(0, 2 * Math.round((share * side) / 2)))
  return {
    left: even(x, frame.width),
    top: even(y, frame.height),
    right: even(x + width, frame.width),
    bottom: even(y + height, frame.height),
  }
}

function drawGift({ gift, motion, giftMs, showMs }: Shown, place: ScenePlace, frame: I420Frame, clip: PixelRectangle) {
  const t = giftMs / showMs
  if (t >= 1) return
  if (motion === 'pop') for (let bit = 0; bit < BITS; bit++) lay(gift, bitPoseAt(bit, t), place, frame, clip)
  lay(gift, poseAt(motion, t), place, frame, clip)
}

function lay(picture: YuvaPicture, pose: Pose, place: ScenePlace, frame: I420Frame, clip: PixelRectangle): void {
  const [width, height] = [place.width * frame.width, place.height * frame.height]
  const scale = (pose.size * Math.min(width, height)) / Math.max(picture.width, picture.height)
  const x = place.x * frame.width + pose.x * width
  const y = place.y * frame.height + pose.y * height
  const [halfX, halfY] = [(scale * picture.width) / 2, (scale * picture.height) / 2]
  picture.lay(frame, { left: x - halfX, right: x + halfX, top: y - halfY, bottom: y + halfY }, clip, pose.opacity)
}

function drawBanner({ banner, bannerMs, line }: Shown, place: ScenePlace, frame: I420Frame, clip: PixelRectangle) {
  if (bannerMs >= BANNER_MS) return
  const [width, height] = [place.width * frame.width, place.height * frame.height]
  const scale = Math.min((BANNER_HEIGHT * height) / banner.height, (BANNER_WIDTH * width) / banner.width)
  const [wide, high] = [scale * banner.width, scale * banner.height]
  const gap = GAP * height
  const out = (1 - Math.min(1, bannerMs / SLIDE_MS)) ** 2
  const left = place.x * frame.width + gap - out * (wide + gap)
  const bottom = (place.y + place.height) * frame.height - gap - line * (high + gap)
  const opacity = Math.min(1, (BANNER_MS - bannerMs) / SLIDE_MS)
  banner.lay(frame, { left, right: left + wide, top: bottom - high, bottom }, clip, opacity)
}
