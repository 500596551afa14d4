import { defineConfig } from '@playwright/test'

/**
 * Started by scripts/test.mjs, which builds first and brings a display. Each test gives its app an own profile:
 * `--user-data-dir` inside `testInfo.outputPath()`. Screenshots to keep go to artifacts/screenshots.
 */
export default defineConfig({
  testDir: 'tests/e2e',
  workers: 1, // two windows at once would fight for two cores, and the timings in the tests are real
  // On two cores that do other things too a test is tried again in CI; one that needed it is named at the run's end (FLAKY).
  retries: process.env['CI'] === undefined ? 0 : 1,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  // Each project has its own output folder: a run empties the folders of the projects that it runs.
  projects: [
    {
      name: 'app',
      testDir: 'tests/e2e/app',
      outputDir: 'artifacts/playwright/app',
      // Without a film of the window: it is drawn by the processor, and filming it would slow down what is tested.
      use: { trace: { mode: 'retain-on-failure', screenshots: false }, screenshot: 'only-on-failure' },
    },
    {
      name: 'packaged',
      testDir: 'tests/e2e/packaged',
      outputDir: 'artifacts/playwright/packaged',
      // No trace: its writer fails the test when the app behind the debugging port has ended by itself, as it shall.
    },
  ],
})
