/**
 * Compiles the fast loops of the beauty kernel, src/main/media/beauty/wasm, with AssemblyScript into
 * resources/kernel/beauty.wasm. The app works without that file, slower.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isEntry } from './process/entry.mjs'
import { writeWhole } from './process/write-whole.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = join(root, 'src/main/media/beauty/wasm')
const target = join(root, 'resources/kernel')
const file = join(target, 'beauty.wasm')
/** Which sources and which compiler `beauty.wasm` was made from. */
const mark = join(target, 'beauty.sources')
const OPTIONS = [...['--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert'], ...['-O3', '--converge']]

/**
 * Makes `resources/kernel/beauty.wasm` when it is missing or older than its sources; else it costs a few milliseconds.
 *
 * @returns {Promise<string>} the path of the file
 * @throws {Error} with the compiler's words
 */
export async function ensureKernel() {
  const names = readdirSync(sources)
    .filter((name) => name.endsWith('.ts'))
    .sort()
  const texts = new Map(names.map((name) => [name, readFileSync(join(sources, name), 'utf8')]))
  const wanted = markOf(texts)
  if (existsSync(file) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return file
  const bytes = await compile(texts)
  mkdirSync(target, { recursive: true })
  rmSync(mark, { force: true })
  writeWhole(file, bytes)
  writeWhole(mark, wanted)
  return file
}

function markOf(texts) {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json')
  const hash = createHash('sha256').update(`${version} ${OPTIONS.join(' ')}\0`)
  for (const [name, text] of texts) hash.update(`${name}\0${text}\0`)
  return hash.digest('hex')
}

async function compile(texts) {
  // Loaded only now: the compiler takes a second to load.
  const { default: asc } = await import('assemblyscript/asc')
  let result
  const { error, stderr } = await asc.main(['kernel.ts', '--outFile', 'kernel.wasm', ...OPTIONS], {
    readFile: (name) => texts.get(name) ?? null,
    writeFile: (_name, content) => (result = content),
    listFiles: () => [],
  })
  if (error || result === undefined) {
    throw new Error(`The beauty kernel could not be compiled.\n${stderr.toString()}${error?.message ?? ''}`)
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
