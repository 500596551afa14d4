import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { StudioError } from '@shared/errors'
import { hiddenLine } from './hidden-line'

/**
 * A secret by its environment variable, else by a hidden prompt; never from an argument, which other users could read.
 * @throws StudioError `passphrase-needed` without a terminal
 */
export async function secretInput(variable: string, label: string): Promise<string> {
  const given = process.env[variable]
  if (given !== undefined) return given
  if (!process.stdin.isTTY) {
    throw new StudioError('passphrase-needed', `Set ${variable} or run the command in a terminal (${label}).`)
  }
  return hiddenLine(`${label}: `)
}

/** A file's text, or standard input for `-`; at most 64 KiB. */
export async function importText(file: string): Promise<string> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8').catch(unreadable(file))
  if (content.length > 65_536) throw new StudioError('import-unknown', 'That is too long to be an account.')
  return content
}

const unreadable = (file: string) => (): never => {
  throw new StudioError('no-file', `${file} cannot be read.`)
}
