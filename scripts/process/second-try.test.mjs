import { expect, test } from 'vitest'
import { fromVitest } from './counts.mjs'
import { settle, worthSecondTry } from './second-try.mjs'

const LIVE = 'tests/integration/live.test.ts'
const one = (title, status) => ({
  status,
  title,
  ancestorTitles: [],
  failureMessages: status === 'failed' ? [`Error: ${title} broke`] : [],
})
const file = (name, ...tests) => ({
  name: `/repo/${name}`,
  status: tests.some(({ status }) => status === 'failed') ? 'failed' : 'passed',
  assertionResults: tests,
})
const report = (...testResults) => ({ testResults, outside: [] })

test('files with real programs and sockets get a second try, when they alone failed and are few', () => {
  const bad = (name) => file(name, one('a', 'failed'))
  expect(worthSecondTry(report(bad(LIVE), file('src/b.test.ts', one('b', 'passed'))), '/repo')).toEqual([LIVE])
  expect(worthSecondTry(report(bad(LIVE), bad('src/shared/money/we-amount.test.ts')), '/repo')).toEqual([])
  const many = Array.from({ length: 9 }, (_, i) => bad(`tests/integration/${i}.test.ts`))
  expect(worthSecondTry(report(...many), '/repo')).toEqual([])
  const hook = { file: `/repo/${LIVE}`, name: 'group', message: 'Error: setup broke' }
  expect(worthSecondTry({ testResults: [], outside: [hook] }, '/repo')).toEqual([LIVE])
  expect(worthSecondTry({ testResults: [], outside: [{ ...hook, file: undefined }] }, '/repo')).toEqual([])
})

test('what passes at the second try counts as passed and is named as flaky; what fails twice stays failed', () => {
  const first = {
    testResults: [
      file('src/b.test.ts', one('b', 'passed')),
      file(LIVE, one('plays', 'failed'), one('ends', 'failed'), one('other', 'passed')),
    ],
    outside: [{ file: `/repo/${LIVE}`, name: 'hook', message: 'Error: slow' }],
  }
  const second = report(file(LIVE, one('plays', 'passed'), one('ends', 'failed'), one('other', 'passed')))
  expect(fromVitest(settle(first, second, '/repo'), '/repo')).toEqual({
    passed: 3,
    failed: 1,
    skipped: [],
    failures: [`${LIVE} > ends: Error: ends broke`],
    flaky: [`${LIVE} > hook: Error: slow`, `${LIVE} > plays: Error: plays broke`],
  })
})
