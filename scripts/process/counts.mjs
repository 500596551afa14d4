/** Counts and names of tests out of the JSON reports of vitest and Playwright. */
import { relative } from 'node:path'

/**
 * @typedef {{ passed: number, failed: number, skipped: string[], failures?: string[], flaky?: string[] }} Counts
 * `skipped` holds names; `failures` and `flaky` hold "file > name: what went wrong". A flaky test failed first and passed
 * when it was tried once more: it counts as passed, and is named so that it gets mended.
 */

/** How much of an error stands behind a test's name. */
const REASON_CHARS = 300

/** @returns {Counts} the sum */
export function sum(all) {
  return {
    passed: all.reduce((total, one) => total + one.passed, 0),
    failed: all.reduce((total, one) => total + one.failed, 0),
    skipped: all.flatMap((one) => one.skipped),
    failures: all.flatMap((one) => one.failures ?? []),
    flaky: all.flatMap((one) => one.flaky ?? []),
  }
}

/** The line that every test command ends with. */
export function describeCounts({ passed, failed, skipped }) {
  const rest = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  return `${passed} passed, ${failed} failed${rest}`
}

/** The lines before it: one for each test that is not simply passed. `.ci/run` repeats them at its end. */
export function describeNames({ skipped, failures = [], flaky = [] }) {
  return [
    ...skipped.map((name) => `SKIPPED: ${name}`),
    ...flaky.map((name) => `FLAKY: ${name}`),
    ...failures.map((name) => `FAILED: ${name}`),
  ]
}

/**
 * @param {object} report vitest's JSON as `vitest-report.mjs` writes it; `triedAgain` as `second-try.mjs` adds it
 * @param {string} root files are named from here
 * @returns {Counts}
 */
export function fromVitest(report, root) {
  const failures = failuresIn(report, root)
  const counts = {
    passed: 0,
    failed: failures.length,
    skipped: [],
    failures: failures.map(({ name, error }) => withReason(name, error)),
    flaky: (report.triedAgain ?? []).map(({ name, error }) => withReason(name, error)),
  }
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed++
      else if (test.status !== 'failed') counts.skipped.push(nameOf(file, test, root))
    }
  }
  return counts
}

/**
 * @param {object} report vitest's JSON as above
 * @param {string} root
 * @returns {{ file: string | undefined, name: string, error: string }[]} all that failed: tests, hooks, files, and errors that
 * no test caught; `file` is absolute
 */
export function failuresIn(report, root) {
  const outside = report.outside ?? []
  const failures = outside.map(({ file, name, message }) => ({
    file,
    name: `${file === undefined ? '(no file)' : relative(root, file)} > ${name}`,
    error: message,
  }))
  for (const file of report.testResults) {
    // A file that cannot be loaded has no tests at all, only a message.
    if (
      file.status === 'failed' &&
      file.assertionResults.length === 0 &&
      !outside.some((one) => one.file === file.name)
    ) {
      failures.push({ file: file.name, name: relative(root, file.name), error: file.message })
    }
    for (const test of file.assertionResults) {
      if (test.status !== 'failed') continue
      failures.push({ file: file.name, name: nameOf(file, test, root), error: test.failureMessages[0] })
    }
  }
  return failures
}

const nameOf = (file, test, root) => [relative(root, file.name), ...test.ancestorTitles, test.title].join(' > ')

/**
 * @param {object} report Playwright's JSON (JSONReport of @playwright/test/reporter)
 * @returns {Counts}
 */
export function fromPlaywright(report) {
  const counts = { passed: 0, failed: 0, skipped: [], failures: [], flaky: [] }
  const fail = (name, error) => {
    counts.failed++
    counts.failures.push(withReason(name, error))
  }
  for (const error of report.errors) fail('(no file)', error.message)
  const visit = (suite, path) => {
    const here = suite.title ? [...path, suite.title] : path
    for (const inner of suite.suites ?? []) visit(inner, here)
    for (const spec of suite.specs ?? []) {
      const name = [...here, spec.title].join(' > ')
      for (const test of spec.tests) {
        const error = test.results?.flatMap((one) => one.errors ?? [])[0]?.message
        if (test.status === 'skipped') counts.skipped.push(name)
        else if (test.status === 'expected' || test.status === 'flaky') counts.passed++
        else fail(name, error)
        if (test.status === 'flaky') counts.flaky.push(withReason(name, error))
      }
    }
  }
  for (const suite of report.suites) visit(suite, [])
  return counts
}

/** A name and, on the same line, how its error begins and where in a test it was thrown. */
export function withReason(name, error = '') {
  // eslint-disable-next-line no-control-regex -- Playwright colours its messages
  const lines = error.replace(/\u001b\[[0-9;]*m/g, '').split('\n')
  const words = lines.filter((line) => !/^\s*at /.test(line)).map((line) => line.trim())
  const place = /([\w.-]+\.(?:test|spec)\.\w+:\d+)/.exec(
    lines.find((line) => /^\s*at .*\.(test|spec)\./.test(line)) ?? '',
  )
  const reason = words.filter(Boolean).join(' ').slice(0, REASON_CHARS)
  return [name, ...(reason ? [reason] : [])].join(': ') + (place ? ` (${place[1]})` : '')
}
