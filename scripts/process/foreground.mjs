/** Runs a program in the foreground and ends it together with us: no orphan after Ctrl-C or a kill. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** How long a program may take to end after a signal before it is killed. */
const GRACE_MS = 10_000

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options] stdio is inherited unless given
 * @returns {Promise<number>} its exit code, 128 + n when signal n ended it
 * @throws {Error} when it cannot be started
 */
export function runForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    let killer
    const pass = (signal) => {
      // A terminal sends Ctrl-C to the whole group, so the child has it already; a second one would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      killer ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      killer.unref()
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, pass)
    const finish = () => {
      clearTimeout(killer)
      for (const signal of signals) process.off(signal, pass)
    }
    child.on('error', (error) => {
      finish()
      reject(new Error(`${command} could not be started: ${error.message}`))
    })
    child.on('exit', (code, signal) => {
      finish()
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
}
