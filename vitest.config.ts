import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Tests that only compute share their workers: a worker of its own costs a file 0.35 s of processor time. A file gets its
 * own when it changes what all share, starts programs or threads, or has files and sockets (they are long, and what they
 * leave behind would be another's trouble), and in the renderer, whose stores are modules.
 */
const COMPUTING = ['src/shared', 'src/main', 'src/cli', 'scripts', 'contracts']
const ALONE = new RegExp(
  [
    String.raw`\bvi\.|@vitest-environment|process\.(env|on|chdir|exit)|globalThis\.\w+ =|Object\.assign\(globalThis`,
    String.raw`node:(child_process|worker_threads|net|http|dgram|fs)|tmpdir|Clips|ffmpeg|libp2p|PeerNode|Worker`,
  ].join('|'),
)
const computing = COMPUTING.flatMap((folder) =>
  readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).map(
    (path) => `${folder}/${path.replaceAll('\\', '/')}`,
  ),
).filter((file) => /\.test\.(ts|mjs)$/.test(file) && !ALONE.test(readFileSync(at(file), 'utf8')))

/** Files that this run leaves out, from the root; scripts/test.mjs says which. (`--exclude` does not reach projects.) */
const without = (process.env['WE_TESTS_WITHOUT'] ?? '').split(',').filter(Boolean)

/**
 * The longest files first, so that the last minute has both workers busy; by name, as a fresh clone knows no durations.
 * Those that share workers come last and one behind the other: a worker that is given another kind is ended.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /tests\/integration\/|(fuzz|keystore-v3|media-engine|mesh-live|piece-\w+|returning-source|scene-engine|scene-source|seams|small-line|wallet-engine)\.test/.test(
        moduleId,
      )
    const rank = (file: TestSpecification): number => (isLong(file) ? 0 : file.project.name === 'computing' ? 2 : 1)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  resolve: { alias: { '@shared': at('./src/shared'), '@': at('./src/renderer') } },
  test: {
    projects: [
      { extends: true, test: { name: 'computing', include: computing, exclude: without, isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: [
            'src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.mjs',
            'tests/integration/**/*.test.ts',
            'contracts/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...computing, ...without],
        },
      },
    ],
    setupFiles: [at('./src/main/platform/runtime-floor.ts')],
    // Tests of contrast read the colours, and the relay serves its page; other style sheets stay out of the tests.
    css: { include: [/tokens\.css/, /author-colour\.css/, /relay\/page/] },
    // For what hangs. No test is about how fast this machine is: CI has two processors and runs other checks beside.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
})
