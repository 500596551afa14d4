import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** Writes a file beside its place and renames it, so that nobody ever finds half of it. */
export function writeWhole(path, content) {
  const beside = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(beside, content)
    renameSync(beside, path)
  } finally {
    rmSync(beside, { force: true })
  }
}
