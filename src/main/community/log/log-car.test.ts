import { afterEach, expect, it } from 'vitest'
import { TempLog } from '../testing/temp-log'
import { TestAccount, TestDevice } from '../testing/test-device'
import { exportLogs, importLogs } from './log-car'

const temps: TempLog[] = []
afterEach(() => temps.splice(0).forEach((temp) => temp.remove()))
const temp = (): TempLog => temps[temps.push(new TempLog()) - 1]!

/** As a file comes: in pieces that fit nothing. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777)
}

it('a backup brings everything back that a person did on all devices, withdrawn and missing parts aside', async () => {
  const [ann, phone, laptop] = [new TestAccount(), new TestDevice(), new TestDevice()]
  const here = temp()
  const mine = await phone.log(ann, 30)
  await here.log.accept(mine.map((entry, n) => (n === 7 ? { ...entry, body: null } : entry)))
  const other = await laptop.log(ann, 9)
  await here.log.accept(other.slice(0, 1))
  await here.log.accept(other.slice(5))
  await here.log.accept(await new TestDevice().log(new TestAccount(), 3)) // somebody else's
  const backup = Buffer.concat([...exportLogs(here.log, ann.address)])

  const there = temp()
  expect(await importLogs(there.log, pieces(backup))).toBe(35)
  expect(there.log.count()).toEqual({ entries: 35, bodies: 34 })
  expect(await importLogs(there.log, pieces(backup))).toBe(0)
  expect(Buffer.concat([...exportLogs(there.log, ann.address)])).toEqual(backup)
  for (const broken of [backup.subarray(0, -1), backup.subarray(1), Buffer.alloc(0), flipped(backup)]) {
    await expect(importLogs(temp().log, pieces(broken))).rejects.toMatchObject({ code: 'backup-broken' })
  }
})

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy[copy.length >> 1]! ^= 1
  return copy
}
