import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The longest files first, so that the last minute has both workers busy; by name, as a fresh clone knows no durations. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /tests\/integration\/|(media-engine|scene-engine|scene-source|small-line|wallet-engine|piece-plane)\.test/.test(
        moduleId,
      )
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  resolve: { alias: { '@shared': at('./src/shared'), '@': at('./src/renderer') } },
  test: {
    include: [
      'src/**/*.test.{ts,tsx}',
      'scripts/**/*.test.mjs',
      'tests/integration/**/*.test.ts',
      'contracts/**/*.test.ts',
    ],
    setupFiles: [at('./src/main/platform/runtime-floor.ts')],
    // Tests of contrast read the colours, and the relay serves its page; other style sheets stay out of the tests.
    css: { include: [/tokens\.css/, /author-colour\.css/, /relay\/page/] },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
})
