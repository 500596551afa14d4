import { expect, test } from 'vitest'
import { describeCounts, describeNames, fromPlaywright, fromVitest, sum, withReason } from './counts.mjs'

const passed = (title, ...ancestorTitles) => ({ status: 'passed', title, ancestorTitles, failureMessages: [] })
const file = (name, ...assertionResults) => ({ name: `/repo/${name}`, status: 'passed', message: '', assertionResults })

test('a test file that cannot be loaded counts as failed, and what failed is named with its reason', () => {
  const failed = {
    ...passed('adds', 'sums'),
    status: 'failed',
    failureMessages: ['AssertionError: expected 1 to be 2\n    at /repo/src/c.test.ts:6:42\n    at node:internal/x'],
  }
  const counts = fromVitest(
    {
      testResults: [
        { name: '/repo/src/a.test.ts', status: 'failed', message: 'SyntaxError: no', assertionResults: [] },
        file(
          'src/b.test.ts',
          passed('one'),
          { ...passed('two'), status: 'skipped' },
          { ...passed('3'), status: 'todo' },
        ),
        { ...file('src/c.test.ts', failed), status: 'failed' },
      ],
    },
    '/repo',
  )
  expect(counts).toEqual({
    passed: 1,
    failed: 2,
    skipped: ['src/b.test.ts > two', 'src/b.test.ts > 3'],
    failures: [
      'src/a.test.ts: SyntaxError: no',
      'src/c.test.ts > sums > adds: AssertionError: expected 1 to be 2 (c.test.ts:6)',
    ],
    flaky: [],
  })
})

test('what fails beside the tests counts and is named: a hook, a file, an error that no test caught', () => {
  const counts = fromVitest(
    {
      testResults: [{ ...file('src/a.test.ts', { ...passed('one', 'group'), status: 'skipped' }), status: 'failed' }],
      outside: [
        { file: '/repo/src/a.test.ts', name: 'group', message: 'Error: setup broke' },
        { name: '(caught by no test)', message: 'Error: read ECONNRESET' },
      ],
    },
    '/repo',
  )
  expect(counts).toMatchObject({ passed: 0, failed: 2 })
  expect(counts.failures).toEqual([
    'src/a.test.ts > group: Error: setup broke',
    '(no file) > (caught by no test): Error: read ECONNRESET',
  ])
})

test('Playwright: nested suites and global errors count; what passed at the second try passes and is named', () => {
  const spec = (title, status, ...results) => ({ title, tests: [{ status, results }] })
  const error = { message: '\u001b[31mError: not seen\u001b[39m\n\nLocator: button\n    at /repo/a.spec.ts:9:1' }
  const counts = fromPlaywright({
    errors: [{ message: 'config' }],
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('plain', 'expected', { errors: [] })],
        suites: [
          {
            title: 'group',
            specs: [
              spec('late', 'flaky', { errors: [error] }, { errors: [] }),
              spec('broken', 'unexpected', { errors: [error] }, { errors: [error] }),
              spec('off', 'skipped'),
            ],
          },
        ],
      },
    ],
  })
  expect(counts).toEqual({
    passed: 2,
    failed: 2,
    skipped: ['a.spec.ts > group > off'],
    failures: ['(no file): config', 'a.spec.ts > group > broken: Error: not seen Locator: button (a.spec.ts:9)'],
    flaky: ['a.spec.ts > group > late: Error: not seen Locator: button (a.spec.ts:9)'],
  })
})

test('the last lines name what is not simply passed, the failed last; the counts name skipped tests only when there are some', () => {
  const some = sum([
    { passed: 2, failed: 0, skipped: [] },
    { passed: 1, failed: 1, skipped: ['x'], failures: ['y: broke'], flaky: ['z: late'] },
  ])
  expect(describeNames(some)).toEqual(['SKIPPED: x', 'FLAKY: z: late', 'FAILED: y: broke'])
  expect(describeCounts(some)).toBe('3 passed, 1 failed, 1 skipped')
  expect(describeCounts({ passed: 2, failed: 0, skipped: [] })).toBe('2 passed, 0 failed')
})

test('a reason stays on the line of its name and is cut', () => {
  const line = withReason('name', `Error: one\ntwo ${'x'.repeat(1000)}\n    at f (file:///repo/b.test.mjs:3:7)`)
  expect(line).toMatch(/^name: Error: one two x+ \(b\.test\.mjs:3\)$/)
  expect(line.length).toBeLessThan(350)
  expect(withReason('name')).toBe('name')
})
