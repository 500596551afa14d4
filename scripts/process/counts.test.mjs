import { expect, test } from 'vitest'
import { describeCounts, fromPlaywright, fromVitest, sum } from './counts.mjs'

test('a test file that cannot be loaded counts as failed', () => {
  const counts = fromVitest({
    testResults: [
      { status: 'failed', message: 'SyntaxError', assertionResults: [] },
      {
        status: 'passed',
        assertionResults: [
          { status: 'passed', fullName: 'one' },
          { status: 'skipped', fullName: 'two' },
          { status: 'todo', fullName: 'three' },
        ],
      },
    ],
  })
  expect(counts).toEqual({ passed: 1, failed: 1, skipped: ['two', 'three'] })
})

test('Playwright: nested suites, flaky and global errors count as failed', () => {
  const spec = (title, status) => ({ title, tests: [{ status }] })
  const counts = fromPlaywright({
    errors: [{ message: 'config' }],
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('plain', 'expected')],
        suites: [
          { title: 'group', specs: [spec('late', 'flaky'), spec('broken', 'unexpected'), spec('off', 'skipped')] },
        ],
      },
    ],
  })
  expect(counts).toEqual({ passed: 1, failed: 3, skipped: ['a.spec.ts > group > off'] })
})

test('the last line names skipped tests only when there are some', () => {
  const some = sum([
    { passed: 2, failed: 0, skipped: [] },
    { passed: 1, failed: 1, skipped: ['x'] },
  ])
  expect(describeCounts(some)).toBe('3 passed, 1 failed, 1 skipped')
  expect(describeCounts({ passed: 2, failed: 0, skipped: [] })).toBe('2 passed, 0 failed')
})
