/** Is out/ made from the sources as they are now? */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'out')
const SOURCES = [
  'src',
  'scripts/models.mjs',
  'scripts/models',
  'scripts/kernel.mjs',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]
const IS_TEST = /\.test\.(ts|tsx|mjs)$/
const MARK = '.sources'

/**
 * A checksum over names, sizes and times of everything that the build reads. Not their contents: this runs before every
 * command. Not just the newest time: a deleted file or an older branch makes the build stale as well.
 */
export function sourcesMark() {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    if (existsSync(join(root, source))) addTo(hash, source)
  }
  return hash.digest('hex')
}

function addTo(hash, path) {
  const info = statSync(join(root, path))
  if (info.isDirectory()) {
    for (const name of readdirSync(join(root, path)).sort()) addTo(hash, `${path}/${name}`)
  } else if (!IS_TEST.test(path)) {
    hash.update(`${path}\0${info.size}\0${info.mtimeMs}\n`)
  }
}

/** Whether the build in out/ belongs to the sources as they are now. */
export function isFresh() {
  const file = join(out, MARK)
  return existsSync(file) && readFileSync(file, 'utf8') === sourcesMark()
}

/** Notes in `folder` which sources it was built from; take the mark before the build starts. */
export function writeMark(folder, mark) {
  writeFileSync(join(folder, MARK), mark)
}

/** Makes out/ count as stale. */
export function removeMark() {
  rmSync(join(out, MARK), { force: true })
}
