/** Packs scripts/default-app into resources/default_app.asar of the fallback runtime. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../default-app', import.meta.url))
const FILES = ['package.json', 'main.js']

/**
 * Writes the archive and, beside it, the checksum of what it was made from.
 * A real asar: a folder of that name runs as well, but electron-builder then fails with EISDIR.
 */
export async function packDefaultApp(resources) {
  const { createPackage } = await import('@electron/asar')
  await mkdir(resources, { recursive: true })
  const beside = join(resources, `default_app.${process.pid}.tmp`)
  await createPackage(source, beside)
  await rename(beside, join(resources, 'default_app.asar'))
  await rm(beside, { force: true })
  await writeFile(join(resources, 'default_app.sha256'), await sourceHash())
}

/** Packs again when the sources changed since the runtime was prepared. */
export async function refreshDefaultApp(resources) {
  const mark = join(resources, 'default_app.sha256')
  const isCurrent =
    existsSync(join(resources, 'default_app.asar')) &&
    existsSync(mark) &&
    (await readFile(mark, 'utf8')) === (await sourceHash())
  if (!isCurrent) await packDefaultApp(resources)
}

async function sourceHash() {
  const hash = createHash('sha256')
  for (const file of FILES) hash.update(file).update(await readFile(join(source, file)))
  return hash.digest('hex')
}
