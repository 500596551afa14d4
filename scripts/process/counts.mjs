/** Counts of tests out of the JSON reports of vitest and Playwright. */

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Counts `skipped` holds the names */

/** @returns {Counts} the sum */
export function sum(all) {
  return {
    passed: all.reduce((total, one) => total + one.passed, 0),
    failed: all.reduce((total, one) => total + one.failed, 0),
    skipped: all.flatMap((one) => one.skipped),
  }
}

/** The line that every test command ends with. */
export function describeCounts({ passed, failed, skipped }) {
  const rest = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  return `${passed} passed, ${failed} failed${rest}`
}

/**
 * @param {object} report vitest's JSON (the format of Jest's --json)
 * @returns {Counts}
 */
export function fromVitest(report) {
  const counts = { passed: 0, failed: 0, skipped: [] }
  for (const file of report.testResults) {
    // A file that cannot be loaded has no tests at all, only a message.
    if (file.assertionResults.length === 0 && file.status === 'failed') counts.failed++
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed++
      else if (test.status === 'failed') counts.failed++
      else counts.skipped.push(test.fullName)
    }
  }
  return counts
}

/**
 * @param {object} report Playwright's JSON (JSONReport of @playwright/test/reporter)
 * @returns {Counts} a test that passed only on a retry counts as failed
 */
export function fromPlaywright(report) {
  const counts = { passed: 0, failed: report.errors.length, skipped: [] }
  const visit = (suite, path) => {
    const here = suite.title ? [...path, suite.title] : path
    for (const inner of suite.suites ?? []) visit(inner, here)
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') counts.passed++
        else if (test.status === 'skipped') counts.skipped.push([...here, spec.title].join(' > '))
        else counts.failed++
      }
    }
  }
  for (const suite of report.suites) visit(suite, [])
  return counts
}
