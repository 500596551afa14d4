/** A virtual display (Xvfb) for machines without one. Started by ourselves instead of xvfb-run, whose Xvfb outlives a kill. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { existsSync } from 'node:fs'

/** Whether a window has somewhere to appear. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** The full path of a program, or undefined. */
export function findProgram(name) {
  // servers lie in sbin, which is not on everybody's PATH
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/**
 * Starts Xvfb on a free display number.
 * @returns {Promise<{ env: Record<string, string>, stop: () => void }>} variables for programs that shall use it
 */
export async function startVirtualDisplay() {
  const folder = mkdtempSync(join(tmpdir(), 'we-display-'))
  const authority = join(folder, 'Xauthority')
  writeFileSync(authority, cookie(), { mode: 0o600 })
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-auth', authority]
  // setpriv (util-linux) ends Xvfb even when this process is killed and cannot do it itself.
  const setpriv = findProgram('setpriv')
  const [command, ...rest] = setpriv ? [setpriv, '--pdeathsig', 'TERM', 'Xvfb', ...args] : ['Xvfb', ...args]
  const server = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true })
  const stop = () => {
    process.off('exit', stop)
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', stop)
  try {
    const number = await displayNumber(server)
    server.unref()
    server.stderr.destroy()
    server.stdio[3].destroy()
    return { env: { DISPLAY: `:${number}`, XAUTHORITY: authority }, stop }
  } catch (error) {
    stop()
    throw error
  }
}

function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let log = ''
    let number = ''
    server.stderr.on('data', (chunk) => (log = (log + chunk).slice(-2000)))
    server.stdio[3].on('data', (chunk) => {
      number += chunk
      if (number.includes('\n')) resolve(number.trim())
    })
    server.on('error', (error) => reject(new Error(`Xvfb could not be started: ${error.message}`)))
    server.on('exit', (code) => reject(new Error(`Xvfb ended with ${code}\n${log.trim()}`)))
  })
}

/**
 * One entry of an Xauthority file that fits every host and display (Xau(3): family 0xffff is FamilyWild; then address,
 * number, name and data, each with a 16-bit big-endian length), so that no other user can join the display.
 */
function cookie() {
  const field = (data) => Buffer.concat([Buffer.from([data.length >> 8, data.length & 255]), Buffer.from(data)])
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    field(''),
    field(''),
    field('MIT-MAGIC-COOKIE-1'),
    field(randomBytes(16)),
  ])
}
