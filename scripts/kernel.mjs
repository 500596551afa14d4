/**
 * Compiles the fast loops, src/main/media/NAME/wasm, with AssemblyScript into resources/kernel/NAME.wasm. The app works
 * without these files, slower.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isEntry } from './process/entry.mjs'
import { writeWhole } from './process/write-whole.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'resources/kernel')
const NAMES = ['beauty', 'background']
const OPTIONS = [...['--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert'], ...['-O3', '--converge']]

/**
 * Makes the files in `resources/kernel` that are missing or older than their sources; else it costs a few milliseconds.
 *
 * @returns {Promise<string>} the path of the beauty kernel
 * @throws {Error} with the compiler's words
 */
export async function ensureKernel() {
  for (const name of NAMES) await ensureOne(name)
  return join(target, `${NAMES[0]}.wasm`)
}

async function ensureOne(name) {
  const sources = join(root, 'src/main/media', name, 'wasm')
  const file = join(target, `${name}.wasm`)
  // Which sources and which compiler the file was made from.
  const mark = join(target, `${name}.sources`)
  const names = readdirSync(sources)
    .filter((source) => source.endsWith('.ts'))
    .sort()
  const texts = new Map(names.map((source) => [source, readFileSync(join(sources, source), 'utf8')]))
  const wanted = markOf(texts)
  if (existsSync(file) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  const bytes = await compile(name, texts)
  mkdirSync(target, { recursive: true })
  rmSync(mark, { force: true })
  writeWhole(file, bytes)
  writeWhole(mark, wanted)
}

function markOf(texts) {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json')
  const hash = createHash('sha256').update(`${version} ${OPTIONS.join(' ')}\0`)
  for (const [name, text] of texts) hash.update(`${name}\0${text}\0`)
  return hash.digest('hex')
}

async function compile(name, texts) {
  // Loaded only now: the compiler takes a second to load.
  const { default: asc } = await import('assemblyscript/asc')
  let result
  const { error, stderr } = await asc.main(['kernel.ts', '--outFile', 'kernel.wasm', ...OPTIONS], {
    readFile: (path) => texts.get(path) ?? null,
    writeFile: (_path, content) => (result = content),
    listFiles: () => [],
  })
  if (error || result === undefined) {
    throw new Error(`The ${name} kernel could not be compiled.\n${stderr.toString()}${error?.message ?? ''}`)
  }
  return result
}

if (isEntry(import.meta.url)) {
  try {
    await ensureKernel()
  } catch (error) {
    console.error(`kernel: ${error.message}`)
    process.exitCode = 1
  }
}
