import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

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
    // contrast.test.ts reads the colours, and the relay serves its page; other style sheets stay out of the tests.
    css: { include: [/tokens\.css/, /relay\/page/] },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
