import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { ensureKernel } from '../kernel.mjs'
import { ensureModels } from '../models.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Not in out/, which a build of the app replaces as a whole, perhaps while we run. */
const cache = join(root, 'node_modules/.cache/we-studio')

/**
 * Bundles `FOLDER/NAME.ts` (bench, sim) the way the app is bundled (same alias, same packages left outside) into a cache folder and
 * runs it in plain Node with a heap of `memoryMb` (its young half `youngMb`; 0: Node's own choice); this process ends as it does.
 */
export async function runBundled(name, options, { folder = 'bench', memoryMb = 0, youngMb = 0 } = {}) {
  const out = join(cache, folder)
  const worker = join(root, 'src/main/media/demo/demo-worker.ts')
  try {
    if (folder === 'bench') {
      await ensureModels()
      await ensureKernel()
    }
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      resolve: { alias: { '@shared': join(root, 'src/shared') } },
      ssr: { noExternal: true },
      build: {
        ssr: true,
        target: 'node20.18',
        outDir: out,
        emptyOutDir: false,
        sourcemap: true,
        rollupOptions: {
          input: {
            [name]: join(root, folder, `${name}.ts`),
            ...(existsSync(worker) ? { 'demo-worker': worker } : {}),
          },
          external: [
            /^onnxruntime-node(\/|$)/,
            /^node-datachannel(\/|$)/,
            /^classic-level(\/|$)/,
            /^@photostructure\/sqlite(\/|$)/,
            /^sodium-native(\/|$)/,
            /^@ffmpeg-installer\//,
          ],
          output: { format: 'es', entryFileNames: '[name].js' },
        },
      },
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }

  const heap = memoryMb > 0 ? [`--max-old-space-size=${memoryMb}`] : []
  // What lives for some milliseconds of simulated time only shall not be moved to the old generation first.
  if (youngMb > 0) heap.push(`--max-semi-space-size=${youngMb}`)
  const run = spawn(process.execPath, [...heap, '--enable-source-maps', join(out, `${name}.js`), ...options], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal))
  run.on('exit', (code) => process.exit(code ?? 1))
}
