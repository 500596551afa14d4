import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { writeBeside } from '../../platform/write-beside'
import { authorityKey, newAuthoritySecret, type AuthorityKey } from './authority-key'

const FILE_NAME = 'host.key'

/**
 * The key that makes the blocks of the ledger in this folder; made at first need, readable by this user alone. It owns
 * nothing, and a lost one only means that its ledger cannot go on.
 */
export async function loadHostKey(folder: string): Promise<AuthorityKey> {
  const path = join(folder, FILE_NAME)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    text = `${Buffer.from(newAuthoritySecret()).toString('hex')}\n`
    await writeBeside(path, text, { mode: 0o600, onlyIfNew: true })
  }
  if (!/^[0-9a-f]{64}\n?$/.test(text)) {
    throw new StudioError(
      'ledger-key-damaged',
      `The file ${path} is damaged. Put back a copy of it, or move its folder away.`,
    )
  }
  return authorityKey(new Uint8Array(Buffer.from(text.trim(), 'hex')))
}
