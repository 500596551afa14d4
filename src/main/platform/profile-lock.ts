import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { writeBeside } from './write-beside'

const FILE_NAME = 'profile.lock'
const ATTEMPTS = 5

const Holder = z.object({
  pid: z.int().positive(),
  /** What tells this process from a later one with the same pid; null where the system does not say. */
  birth: z.string().nullable(),
})
type Holder = z.infer<typeof Holder>

export interface ProfileLock {
  /** Gives the profile back; safe to call twice. */
  release: () => Promise<void>
}

/**
 * Takes the profile folder for this process: two processes with one key and one store would damage both. The lock is a
 * file with the holder's pid and birth; a holder that was killed (SIGKILL included) is recognised as gone and its lock
 * taken over. Throws StudioError `profile-in-use`, or `profile-unusable` when the folder can not be written.
 */
export async function lockProfile(dataDir: string): Promise<ProfileLock> {
  const path = join(dataDir, FILE_NAME)
  const own: Holder = { pid: process.pid, birth: birthOf(process.pid) }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      await mkdir(dataDir, { recursive: true, mode: 0o700 })
      await writeBeside(path, JSON.stringify(own), { mode: 0o600, onlyIfNew: true })
      return releaseOf(path, own)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(dataDir, error)
    }
    const holder = await readHolder(path)
    if (holder === 'gone') continue
    if (holder !== 'broken' && isAlive(holder)) throw inUse(dataDir, holder.pid)
    await removeStale(path, holder)
  }
  throw inUse(dataDir, null)
}

/**
 * Takes a dead holder's lock away. Between reading it and now another process may have replaced it by its own, which
 * must survive: the file is moved aside first (atomic), and put back when it is not the one that was read.
 */
async function removeStale(path: string, stale: Holder | 'broken'): Promise<void> {
  const aside = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.stale`
  try {
    await rename(path, aside)
    if (JSON.stringify(await readHolder(aside)) !== JSON.stringify(stale)) await link(aside, path)
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw unusable(path, error)
  } finally {
    await rm(aside, { force: true })
  }
}

function releaseOf(path: string, own: Holder): ProfileLock {
  let held = true
  return {
    release: async () => {
      if (!held) return
      held = false
      const holder = await readHolder(path)
      // another process may have taken over after this one was believed dead
      if (typeof holder === 'object' && holder.pid === own.pid && holder.birth === own.birth) {
        await rm(path, { force: true })
      }
    },
  }
}

async function readHolder(path: string): Promise<Holder | 'gone' | 'broken'> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'broken'
  }
  try {
    return Holder.parse(JSON.parse(text))
  } catch {
    return 'broken' // written whole by writeBeside, so no lock of ours
  }
}

function isAlive({ pid, birth }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false // EPERM: alive, of another user
  }
  const stat = statOf(pid)
  // a killed process whose parent never asks for its end (pid 1 of many containers) stays as a zombie
  if (stat?.state === 'Z' || stat?.state === 'X') return false
  return birth === null || stat === null || stat.birth === birth
}

function birthOf(pid: number): string | null {
  return statOf(pid)?.birth ?? null
}

/**
 * On Linux the state of a process and its start time in clock ticks since boot (proc(5), fields 3 and 22 of `stat`;
 * field 2 may hold blanks and brackets, hence the last bracket) with the boot's id: a pid alone is soon given to another
 * process. Null elsewhere.
 */
function statOf(pid: number): { state: string | undefined; birth: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return { state: fields[0], birth: `${boot}/${fields[19] ?? ''}` }
  } catch {
    return null
  }
}

function inUse(dataDir: string, pid: number | null): StudioError {
  const who = pid === null ? 'another process' : `process ${pid}`
  return new StudioError(
    'profile-in-use',
    `The profile in ${dataDir} is in use by ${who}. Close it first, or choose another folder with --data.`,
  )
}

function unusable(dataDir: string, cause: unknown): StudioError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
  return new StudioError(
    'profile-unusable',
    `The profile folder ${dataDir} can not be written (${reason}). Check its permissions, or choose another with --data.`,
    { cause },
  )
}
