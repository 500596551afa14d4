/** Runs a program to its end. */
import { spawn } from 'node:child_process'

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string>} what it wrote on stdout
 * @throws {Error} with the last lines of stderr when it ends with another code than 0
 */
export function execute(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let out = ''
    let log = ''
    child.stdout?.on('data', (chunk) => (out += chunk))
    child.stderr?.on('data', (chunk) => (log = (log + chunk).slice(-4000)))
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out)
      else reject(new Error(`${command} ${args[0] ?? ''} ended with ${signal ?? code}\n${log.trim()}`))
    })
  })
}
