/**
 * A second try for tests whose outcome the machine can spoil: those that start programs or talk over sockets. In CI
 * only, a whole file at a time in a fresh process after all others (its tests share what its hooks made, so that one
 * alone says nothing), and only when few failed. What passes then is named as flaky, to be mended; tests that merely
 * compute get none.
 */
import { relative } from 'node:path'
import { failuresIn } from './counts.mjs'

/** When more files failed, something is broken and a second try is a waste of time. */
const MOST_FILES = 4

/** Tests with real programs, sockets or pictures in real time. */
const REAL = [
  /^tests\/integration\//,
  /^src\/cli\//,
  /^src\/main\/media\/(beautify-file|direct-pipe|encoder|ffmpeg-\w+|media-engine|recording|web-video)\.test/,
  /^src\/main\/media\/(scene\/scene-\w+|sources\/\w+-source|demo\/demo-source)\.test/,
  /^src\/main\/media\/encode\/(hardware-probe|seams|small-line|unit-teller)\.test/,
  /^src\/main\/peer\/(mesh\/(mesh-live|piece-plane|segment-maker)|local-beacon|native-tls|owner-uplink|quick-yamux)\.test/,
  /^src\/main\/ledger\/(desk|queue|embedded\/authorities)/,
]

/**
 * @param {object} report of the first try
 * @param {string} root
 * @returns {string[]} the files to try again, from the root; none when one of the failed may not be
 */
export function worthSecondTry(report, root) {
  const files = [...new Set(failuresIn(report, root).map(({ file }) => relative(root, file ?? '(no file)')))]
  const isWorth = files.length <= MOST_FILES && files.every((file) => REAL.some((one) => one.test(file)))
  return isWorth ? files : []
}

/**
 * @param {object} first the report with failures
 * @param {object} second the report of the files that were tried again
 * @param {string} root
 * @returns {object} one report: of each file its last try; `triedAgain` lists what failed in the first and not in the second
 */
export function settle(first, second, root) {
  const again = new Map(second.testResults.map((file) => [file.name, file]))
  const still = new Set(failuresIn(second, root).map(({ name }) => name))
  return {
    ...first,
    testResults: first.testResults.map((file) => again.get(file.name) ?? file),
    outside: [...(first.outside ?? []).filter(({ file }) => !again.has(file)), ...(second.outside ?? [])],
    triedAgain: failuresIn(first, root).filter(({ name }) => !still.has(name)),
  }
}
