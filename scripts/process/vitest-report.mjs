/**
 * vitest's JSON report, and in `outside` what that leaves out: the errors of hooks and of whole files, and those that no
 * test caught.
 */
import { JsonReporter } from 'vitest/node'

export default class extends JsonReporter {
  #outside = []

  async onTestRunEnd(modules, unhandled) {
    const told = (file, name) => (error) => ({ file, name, message: error.stack ?? error.message ?? String(error) })
    this.#outside = [
      ...modules.flatMap((module) => [
        ...module.errors().map(told(module.moduleId, '(file)')),
        ...[...module.children.allSuites()].flatMap((suite) =>
          suite.errors().map(told(module.moduleId, suite.fullName)),
        ),
      ]),
      ...unhandled.map((error) => told(error.VITEST_TEST_PATH, '(caught by no test)')(error)),
    ]
    await super.onTestRunEnd(modules)
  }

  async writeReport(report) {
    await super.writeReport(JSON.stringify({ ...JSON.parse(report), outside: this.#outside }))
  }
}
