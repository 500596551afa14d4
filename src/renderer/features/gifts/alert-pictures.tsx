import { ALERT_SIDE, type AlertPicture } from '@shared/media/gift-alert'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { GiftArt, type ArtKey } from './art/GiftArt'
import { GiftPaints } from './art/GiftPaints'
import type { GiftEvent } from './gift-event'

const GIFT_SIDE = 384
/** A banner: twice the size at which it is read in a picture of 720 lines. */
const BANNER = { width: ALERT_SIDE, height: 112 } as const
const TINTS = { small: '190 30 80', medium: '104 48 206', large: '178 104 8' } as const

const drawings = new Map<ArtKey, Promise<HTMLImageElement>>()

/** A gift as it lies in the picture of the show; a design that cannot be loaded is a wrapped present. */
export async function giftPicture(event: GiftEvent): Promise<AlertPicture> {
  return painted(GIFT_SIDE, GIFT_SIDE, await imageOf(event), (context, image) => {
    const scale = Math.min(GIFT_SIDE / image.width, GIFT_SIDE / image.height)
    const [width, height] = [scale * image.width, scale * image.height]
    context.drawImage(image, (GIFT_SIDE - width) / 2, (GIFT_SIDE - height) / 2, width, height)
  })
}

/** Who gave what, in letters. @param count pieces in the combo so far */
export async function bannerPicture(event: GiftEvent, count: number): Promise<AlertPicture> {
  const { width, height } = BANNER
  return painted(width, height, await imageOf(event), (context, image) => {
    const tint = TINTS[tierOf(event.amountWei)]
    const fill = context.createLinearGradient(0, 0, width, 0)
    fill.addColorStop(0, `rgb(${tint} / 0.94)`)
    fill.addColorStop(0.7, `rgb(${tint} / 0.8)`)
    fill.addColorStop(1, `rgb(${tint} / 0.45)`)
    context.fillStyle = fill
    context.beginPath()
    context.roundRect(2, 2, width - 4, height - 4, height / 2)
    context.fill()
    const family = getComputedStyle(document.body).fontFamily
    const sign = `×${count}`
    context.fillStyle = '#fff'
    context.shadowColor = 'rgb(0 0 0 / 0.45)'
    context.shadowBlur = 5
    context.textBaseline = 'middle'
    context.font = `800 42px ${family}`
    const signWidth = Math.min(130, context.measureText(sign).width)
    context.fillText(sign, width - 26 - signWidth, height / 2, 130)
    const art = height - 12
    const artAt = width - 36 - signWidth - art
    const room = artAt - 40
    context.font = `700 34px ${family}`
    context.fillText(fitting(context, event.name, room), 34, 0.34 * height)
    context.font = `400 27px ${family}`
    const words = event.text === '' ? `sends ${event.giftName}` : event.text
    context.fillText(fitting(context, words, room), 34, 0.69 * height)
    context.shadowBlur = 0
    const scale = Math.min(art / image.width, art / image.height)
    context.drawImage(image, artAt, 6, scale * image.width, scale * image.height)
  })
}

function tierOf(amountWei: bigint): keyof typeof TINTS {
  const we = amountWei / 10n ** 18n
  return we >= 100n ? 'large' : we >= 5n ? 'medium' : 'small'
}

/** Words cut to a width, with an ellipsis. */
function fitting(context: CanvasRenderingContext2D, words: string, width: number): string {
  if (context.measureText(words).width <= width) return words
  const letters = Array.from(new Intl.Segmenter().segment(words), ({ segment }) => segment)
  while (letters.length > 1 && context.measureText(`${letters.join('')}…`).width > width) letters.pop()
  return `${letters.join('').trimEnd()}…`
}

async function imageOf({ gift, imageUrl }: GiftEvent): Promise<HTMLImageElement> {
  if (imageUrl !== null) {
    try {
      return await loaded(imageUrl, true)
    } catch {
      // the picture cannot be had: the drawing stands in
    }
  }
  const known = drawings.get(gift) ?? drawing(gift)
  drawings.set(gift, known)
  known.catch(() => drawings.delete(gift))
  return known
}

/** The drawing as an image: an SVG with its colours in it, for nothing of the page reaches into an image. */
function drawing(gift: ArtKey): Promise<HTMLImageElement> {
  const holder = document.createElement('div')
  const root = createRoot(holder)
  flushSync(() =>
    root.render(
      <svg xmlns="http://www.w3.org/2000/svg" width={GIFT_SIDE} height={GIFT_SIDE} viewBox="0 0 128 128">
        <GiftPaints />
        <GiftArt gift={gift} />
      </svg>,
    ),
  )
  const text = new XMLSerializer().serializeToString(holder.firstElementChild!)
  root.unmount()
  return loaded(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`, false)
}

async function loaded(url: string, isForeign: boolean): Promise<HTMLImageElement> {
  const image = new Image()
  if (isForeign) image.crossOrigin = 'anonymous' // its pixels are read
  image.src = url
  await image.decode()
  return image
}

function painted(
  width: number,
  height: number,
  image: HTMLImageElement,
  paint: (context: CanvasRenderingContext2D, image: HTMLImageElement) => void,
): AlertPicture {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  paint(context, image)
  const { data } = context.getImageData(0, 0, width, height)
  return { width, height, data: new Uint8Array(data.buffer) }
}
