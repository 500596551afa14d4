import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { ImportedCube } from '@shared/media/look-settings'
import { writeBeside } from '../../platform/write-beside'
import { formatCube, readCube } from './cube-file'

/**
 * Checks a .cube file and copies it, rewritten, into a folder of ours, so that it is there at the next start whatever
 * becomes of the original.
 * @returns its id there and the name to show
 * @throws StudioError as `readCube`
 */
export async function importCube(from: string, folder: string): Promise<ImportedCube> {
  const text = formatCube(await readCube(from))
  const id = createHash('sha256').update(text).digest('hex').slice(0, 16)
  await mkdir(folder, { recursive: true })
  await writeBeside(cubePath(folder, id), text)
  const name = basename(from, extname(from)).trim().slice(0, 80)
  return { id, name: name === '' ? 'Imported' : name }
}

/** Where an imported table lies; ids are hex (`ImportedCube`), so that no path can leave the folder. */
export function cubePath(folder: string, id: string): string {
  return join(folder, `${id}.cube`)
}
