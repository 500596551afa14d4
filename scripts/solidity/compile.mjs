/** The pinned compiler and its settings, stated once: for the artifacts, their test, forge's shim and the benches. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const SOURCE_FOLDER = join(root, 'contracts/src')
export const SETTINGS = {
  optimizer: { enabled: true, runs: 10_000 },
  evmVersion: 'cancun', // OpenZeppelin's Bytes.sol uses mcopy
  // No metadata hash in the code: the bytecode depends on the program, not on comments or paths.
  metadata: { bytecodeHash: 'none', appendCBOR: false },
}

/** @returns the JavaScript compiler (2 s and 200 MB at its first use, hence loaded here and not at import). */
export function loadCompiler() {
  return createRequire(import.meta.url)('solc')
}

/** @returns every file of `contracts/src` by its path in the repository. */
export function readSources() {
  const names = readdirSync(SOURCE_FOLDER).filter((name) => name.endsWith('.sol'))
  return Object.fromEntries(
    names.sort().map((name) => [`contracts/src/${name}`, readFileSync(join(SOURCE_FOLDER, name), 'utf8')]),
  )
}

/**
 * Compiles sources (path to text); imports below @openzeppelin/ come from node_modules.
 * @param {Record<string, string>} sources
 * @param {{ outputs?: string[], settings?: object }} options
 * @returns the compiler's `contracts` and `sources` output, and its warnings as text; throws with every error.
 */
export function compile(sources, { outputs = ['abi', 'evm.bytecode', 'evm.deployedBytecode'], settings = {} } = {}) {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: { ...SETTINGS, outputSelection: { '*': { '*': outputs } }, ...settings },
  }
  const output = JSON.parse(loadCompiler().compile(JSON.stringify(input), { import: readImport }))
  const messages = output.errors ?? []
  const errors = messages.filter((one) => one.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((one) => one.formattedMessage).join('\n'))
  return {
    ...output,
    warnings: messages.filter((one) => one.severity === 'warning').map((one) => one.formattedMessage),
  }
}

function readImport(path) {
  if (!path.startsWith('@openzeppelin/')) return { error: `No such import: ${path}` }
  return { contents: readFileSync(join(root, 'node_modules', path), 'utf8') }
}
