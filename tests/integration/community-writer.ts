/**
 * A profile's log in a process of its own, made to be killed: checks what an earlier run said was on disk, then writes
 * own entries and takes in somebody else's as fast as it can, and says a line for each batch that is on disk.
 * Arguments: folder, then the ids of the last own and the last foreign entry that were confirmed, or `-`.
 */
import '../../src/main/platform/runtime-floor'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { entryIdDigest, entryIdText } from '@shared/community/entry-id'
import { CommunityLog } from '../../src/main/community/log/community-log'
import { testSchemas } from '../../src/main/community/testing/temp-log'
import { TestAccount, TestDevice, type SealedEntry } from '../../src/main/community/testing/test-device'

const [dir = '', ...confirmed] = process.argv.slice(2)
const say = (line: string): void => void writeSync(1, `${line}\n`)
const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

const own = new TestDevice(seed(1))
const other = new TestDevice(seed(2))
const account = new TestAccount(seed(3))
const log = new CommunityLog({ path: join(dir, 'log.sqlite'), key: own, schemas: testSchemas })
for (const id of confirmed) {
  if (id === '-' || log.entry(entryIdDigest(id)!)?.body) continue
  say(`lost ${id}`)
  process.exit(3)
}
log.grant(await account.grant(own))
say('open - -')

// The other log is the same in every run: what is here already is known, the rest is new.
let foreign = await other.log(account, 1)
for (let round = 0; ; round++) {
  const text = `round ${round}`
  const drafts = Array.from({ length: 1 + (round % 5) }, () => ({
    ...{ kind: 'comment', body: { s: 'acct:0x00', text, lang: 'en', facets: [] } },
  }))
  const mine = log.append(drafts).at(-1)!
  const range: SealedEntry[] = [...foreign]
  while (range.length < 40) range.push(other.comment(range.at(-1)!))
  const { refused } = await log.accept(range)
  if (refused !== null) {
    say(`refused ${refused.message}`)
    process.exit(4)
  }
  foreign = range.slice(-1)
  say(`batch ${entryIdText(mine.id)} ${entryIdText(foreign[0]!.id)}`)
}
