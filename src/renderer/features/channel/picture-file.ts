import { MAX_PICTURE_BYTES } from '@shared/ipc/publishing-schema'

/** Pixels. */
export const AVATAR_SIZE = { width: 400, height: 400 }
export const COVER_SIZE = { width: 1600, height: 400 }

const MOST_READ_BYTES = 40_000_000
const QUALITIES = [0.9, 0.8, 0.65, 0.5]

/** A picture that was made ready for a profile. */
export interface ReadyPicture {
  readonly jpeg: Uint8Array<ArrayBuffer>
  /** For showing it until it is published; whoever drops the picture revokes it. */
  readonly url: string
}

/**
 * Reads a picture file and makes a JPEG of this very size: turned as its camera says, scaled, the middle of it where the
 * shapes differ. Rejects with `{ code, message }` in plain words.
 */
export async function readyPicture(
  file: Blob,
  { width, height }: { width: number; height: number },
): Promise<ReadyPicture> {
  if (file.size > MOST_READ_BYTES) throw refusal('This picture is larger than 40 MB. Choose a smaller one.')
  const bitmap = await createImageBitmap(file).catch(() => {
    throw refusal('This file cannot be read as a picture. Choose a JPEG, PNG or WebP picture.')
  })
  try {
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')!
    context.fillStyle = '#ffffff' // JPEG knows no transparency
    context.fillRect(0, 0, width, height)
    context.imageSmoothingQuality = 'high'
    const scale = Math.max(width / bitmap.width, height / bitmap.height)
    const [w, h] = [bitmap.width * scale, bitmap.height * scale]
    context.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h)
    for (const quality of QUALITIES) {
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
      if (blob.size > MAX_PICTURE_BYTES) continue
      return { jpeg: new Uint8Array(await blob.arrayBuffer()), url: URL.createObjectURL(blob) }
    }
    throw refusal('This picture could not be made small enough. Choose another one.')
  } finally {
    bitmap.close()
  }
}

function refusal(message: string): Error {
  return Object.assign(new Error(message), { code: 'bad-picture' })
}
