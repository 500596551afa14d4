import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: { alias: { '@shared': at('./src/shared'), '@': at('./src/renderer') } },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs', 'tests/integration/**/*.test.ts'],
    setupFiles: [at('./src/main/platform/runtime-floor.ts')],
    // contrast.test.ts reads the colours; other style sheets stay out of the tests.
    css: { include: [/tokens\.css/] },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
