/** Runs a program to its end and collects what it says. */
import { spawn } from 'node:child_process'

const LOG_LENGTH = 8000

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options] `tied`: a signal that ends us ends the program first
 * @returns {Promise<string>} what it wrote on stdout
 * @throws {Error} with the end of what it wrote, when its exit code is not 0
 */
export function execute(command, args, { tied = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let out = ''
    let log = ''
    const keep = (chunk) => (log = (log + chunk).slice(-LOG_LENGTH))
    child.stdout?.on('data', (chunk) => {
      out += chunk
      keep(chunk)
    })
    child.stderr?.on('data', keep)
    const end = (signal) => {
      child.kill(signal)
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
    const signals = tied ? ['SIGINT', 'SIGTERM'] : []
    for (const signal of signals) process.on(signal, end)
    const finish = (settle) => {
      for (const signal of signals) process.off(signal, end)
      settle()
    }
    child.on('error', (error) => finish(() => reject(new Error(`${command} could not be started: ${error.message}`))))
    child.on('close', (code, signal) =>
      finish(() => {
        if (code === 0) resolve(out)
        else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}\n${log.trim()}`))
      }),
    )
  })
}
