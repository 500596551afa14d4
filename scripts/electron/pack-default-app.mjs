/** Packs scripts/default-app into resources/default_app.asar of the fallback runtime. */
import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../default-app', import.meta.url))
const FILES = ['package.json', 'main.js']
const NAME = 'default_app.asar'

/** Writes the archive. A real asar: a folder of that name runs as well, but electron-builder then fails with EISDIR. */
export async function packDefaultApp(resources) {
  const { createPackage } = await import('@electron/asar')
  await mkdir(resources, { recursive: true })
  const beside = join(resources, `${NAME}.${process.pid}.tmp`)
  await createPackage(source, beside)
  await rename(beside, join(resources, NAME))
}

/** Packs again when the sources changed since the runtime was prepared. */
export async function refreshDefaultApp(resources) {
  if (!(await isCurrent(join(resources, NAME)))) await packDefaultApp(resources)
}

async function isCurrent(archive) {
  const { extractFile } = await import('@electron/asar')
  try {
    for (const file of FILES) {
      if (!extractFile(archive, file).equals(await readFile(join(source, file)))) return false
    }
    return true
  } catch {
    return false // missing or damaged
  }
}
