import { homedir } from 'node:os'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { hiddenLine } from './hidden-line'
import type { Output } from './output'

/** What every command gets: paths from the entry, an output, and a signal that Ctrl-C fires. */
export interface CommandContext {
  output: Output
  signal: AbortSignal
  ffmpegPath: string
  modelsDir: string
  demoWorkerPath: string
}

/** The profile of a person who names none. */
export function defaultDataDir(): string {
  const base = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share')
  return join(base, 'we-studio', 'profile')
}

/** By a hidden prompt (WE_PASSPHRASE comes first); never from an argument, which other users could read. */
export async function askPassphrase(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new StudioError(
      'passphrase-needed',
      'This profile is sealed. Set WE_PASSPHRASE or run the command in a terminal.',
    )
  }
  return hiddenLine('Passphrase: ')
}

/** Resolves when the signal fires or the time is up. */
export function waitFor(signal: AbortSignal, seconds?: number): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = seconds === undefined ? undefined : setTimeout(done, seconds * 1000)
    signal.addEventListener('abort', done)
  })
}
