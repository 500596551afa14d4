/**
 * Compiles the fast loops, src/main/{media,platform}/NAME/wasm, with AssemblyScript into resources/kernel/NAME.wasm: those of
 * the face models' input, the beauty kernel, the background, scenes and signatures. The app works without these files, slower.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isEntry } from './process/entry.mjs'
import { writeWhole } from './process/write-whole.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'resources/kernel')
const KERNELS = ['media/face', 'media/beauty', 'media/background', 'media/scene', 'platform/ed25519']
const OPTIONS = [...['--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert'], ...['-O3', '--converge']]

/**
 * Makes the files in `resources/kernel` that are missing or older than their sources; else it costs a few milliseconds.
 *
 * @param {string} name whose path is wanted
 * @returns {Promise<string>} the path of that file
 * @throws {Error} with the compiler's words
 */
export async function ensureKernel(name = 'beauty') {
  for (const kernel of KERNELS) await ensureOne(kernel)
  return join(target, `${name}.wasm`)
}

async function ensureOne(folder) {
  const kernel = basename(folder)
  const file = join(target, `${kernel}.wasm`)
  // Which sources and which compiler it was made from.
  const mark = join(target, `${kernel}.sources`)
  const sources = join(root, 'src/main', folder, 'wasm')
  const names = readdirSync(sources)
    .filter((name) => name.endsWith('.ts'))
    .sort()
  const texts = new Map(names.map((name) => [name, readFileSync(join(sources, name), 'utf8')]))
  const wanted = markOf(texts)
  if (existsSync(file) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  const bytes = await compile(kernel, texts)
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

async function compile(kernel, texts) {
  // Loaded only now: the compiler takes a second to load.
  const { default: asc } = await import('assemblyscript/asc')
  let result
  const { error, stderr } = await asc.main(['kernel.ts', '--outFile', 'kernel.wasm', ...OPTIONS], {
    readFile: (name) => texts.get(name) ?? null,
    writeFile: (_name, content) => (result = content),
    listFiles: () => [],
  })
  if (error || result === undefined) {
    throw new Error(`The ${kernel} kernel could not be compiled.\n${stderr.toString()}${error?.message ?? ''}`)
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
