import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { ImportedPicture } from '@shared/media/effect-settings'
import { decodeStill, encodeStill, type StillContext } from '../still-image'
import { coverFit } from './cover-fit'

/** Pixels of the longer side that are kept: enough for a frame of 1080p. */
const LONGEST = 1920

/**
 * Checks a picture and copies it, upright and not larger than a frame needs, into a folder of ours, so that it is there
 * at the next start whatever becomes of the original.
 * @returns its id there and the name to show
 * @throws StudioError as `decodeStill`, `encodeStill`
 */
export async function importBackground(from: string, folder: string, context: StillContext): Promise<ImportedPicture> {
  const image = await decodeStill(from, context)
  const id = createHash('sha256')
    .update(await readFile(from))
    .digest('hex')
    .slice(0, 16)
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height))
  const side = (length: number): number => Math.max(1, Math.round(length * scale))
  const kept = scale < 1 ? coverFit(image, side(image.width), side(image.height)) : image
  await mkdir(folder, { recursive: true })
  await encodeStill(backgroundPath(folder, id), kept, context)
  const name = basename(from, extname(from)).trim().slice(0, 80)
  return { id, name: name === '' ? 'Imported' : name }
}

/** Where an imported picture lies; ids are hex (`ImportedPicture`), so that no path can leave the folder. */
export function backgroundPath(folder: string, id: string): string {
  return join(folder, `${id}.jpg`)
}
