import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockProfile } from './profile-lock'

let dir: string
const file = (): string => join(dir, 'profile.lock')
const inUse = expect.objectContaining({ name: 'StudioError', code: 'profile-in-use' }) as Error

/** A process of another kind, alive until it is killed. */
async function stranger(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000); console.log("up")'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-lock-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe('the lock of a profile', () => {
  test('is held once, and free after its release', async () => {
    const lock = await lockProfile(dir)
    await expect(lockProfile(dir)).rejects.toThrow(inUse)
    await expect(lockProfile(dir)).rejects.toThrow(dir) // the person learns which folder
    await lock.release()
    await lock.release()
    expect(await readdir(dir)).toEqual([])
    await (await lockProfile(dir)).release()
  })

  test('of a process that was killed is taken over, of one that lives is not', async () => {
    const child = await stranger()
    await writeFile(file(), JSON.stringify({ pid: child.pid, birth: null }))
    await expect(lockProfile(dir)).rejects.toThrow(inUse)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = await lockProfile(dir)
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid })
    await lock.release()
  })

  test.runIf(process.platform === 'linux')('of a dead process whose number another one got is taken over', async () => {
    const child = await stranger()
    await writeFile(file(), JSON.stringify({ pid: child.pid, birth: 'boot/1' }))
    await (await lockProfile(dir)).release()
    child.kill('SIGKILL')
  })

  test.runIf(process.platform === 'linux')('of a killed process that nobody buried is taken over', async () => {
    // a program that never waits for its child, once it has taken the shell's place: the killed child stays as a zombie
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(shell.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    await writeFile(file(), JSON.stringify({ pid, birth: null }))
    const deadline = Date.now() + 5000
    while ((await readFile(`/proc/${shell.pid!}/comm`, 'utf8')).trim() !== 'sleep') {
      if (Date.now() > deadline) throw new Error('the shell was not replaced')
    }
    process.kill(pid, 'SIGKILL')
    while (!/\) Z/.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) {
      if (Date.now() > deadline) throw new Error('no zombie was made')
    }
    await (await lockProfile(dir)).release()
    shell.kill('SIGKILL')
  })

  test.each(['', 'no json', '{"pid":-1}'])('that is no lock (%j) does not stand in the way', async (content) => {
    await writeFile(file(), content)
    await (await lockProfile(dir)).release()
  })

  test('goes to one of several that ask at once', async () => {
    await writeFile(file(), JSON.stringify({ pid: 2 ** 22 + 7, birth: null })) // above Linux' largest pid: dead
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockProfile(dir)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await readdir(dir)).toEqual(['profile.lock'])
  })

  test('a release does not take away what another process holds by then', async () => {
    const lock = await lockProfile(dir)
    await writeFile(file(), JSON.stringify({ pid: 1, birth: 'another' }))
    await lock.release()
    expect(await readdir(dir)).toEqual(['profile.lock'])
  })
})
