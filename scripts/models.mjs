import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWhole } from './process/write-whole.mjs'

const scriptPath = fileURLToPath(import.meta.url)
const modelsDir = join(dirname(scriptPath), '../resources/models')
const expectedPath = join(dirname(scriptPath), 'models/expected-hashes.json')
const MANIFEST = 'manifest.json'

/**
 * Makes `resources/models` from the installed MediaPipe packages, unless every file there already has the expected
 * hash. Nothing is downloaded. Each file is written beside its place and renamed, so a reader never sees half a file.
 *
 * @param {object} [options]
 * @param {(line: string) => void} [options.log] progress for a person
 * @returns {Promise<string>} the folder of the models
 * @throws {Error} when a package holds other bytes than expected, a model holds an unknown operation, or a result
 *   differs from `expected-hashes.json`
 */
export async function ensureModels({ log = () => {} } = {}) {
  const expected = JSON.parse(readFileSync(expectedPath, 'utf8'))
  if (isUpToDate(expected)) return modelsDir
  log('Making the face models from the installed packages ...')
  // Loaded only now: an up-to-date folder must cost next to nothing at every start.
  const { makeModels } = await import('./models/make-models.mjs')
  const outputs = makeModels()
  const manifest = Object.fromEntries(Object.entries(outputs).map(([name, bytes]) => [name, sha256(bytes)]))
  refuseDifferences(manifest, expected)
  mkdirSync(modelsDir, { recursive: true })
  for (const [name, bytes] of Object.entries(outputs)) writeWhole(join(modelsDir, name), bytes)
  writeWhole(join(modelsDir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
  log(`Made ${Object.keys(outputs).join(', ')} in ${modelsDir}`)
  return modelsDir
}

/** The manifest is written last, so its presence means that all files were; their bytes are hashed all the same. */
function isUpToDate(expected) {
  if (!existsSync(join(modelsDir, MANIFEST))) return false
  return Object.entries(expected).every(([name, hash]) => {
    const path = join(modelsDir, name)
    return existsSync(path) && sha256(readFileSync(path)) === hash
  })
}

function refuseDifferences(manifest, expected) {
  const names = new Set([...Object.keys(manifest), ...Object.keys(expected)])
  const different = [...names].filter((name) => manifest[name] !== expected[name])
  if (different.length === 0) return
  throw new Error(
    `The converted models differ from scripts/models/expected-hashes.json: ${different.join(', ')}. ` +
      'After a wanted change of the converter run: node scripts/models.mjs --accept',
  )
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Takes what the converter makes now as the expected result; for the author of a change, never for a build. */
async function acceptModels() {
  const { makeModels } = await import('./models/make-models.mjs')
  const hashes = Object.fromEntries(Object.entries(makeModels()).map(([name, bytes]) => [name, sha256(bytes)]))
  writeWhole(expectedPath, `${JSON.stringify(hashes, null, 2)}\n`)
}

if (process.argv[1] === scriptPath) {
  if (process.argv.includes('--accept')) await acceptModels()
  await ensureModels({ log: (line) => console.log(line) })
}
