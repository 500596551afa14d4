import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEST_CONTENT, TestAccount, TestLedger } from '@shared/gifts/gift-test-kit'
import { OverspendWatch } from '@shared/gifts/overspend-watch'
import { owed } from '@shared/gifts/settlement-plan'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { expect, test } from 'vitest'
import { CreatorBook } from './creator-book'

test('what was shown to the creator is owed after a restart, once, and no longer when the bank has paid', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'we-taken-'))
  const ledger = new TestLedger()
  const [ann, creator] = [new TestAccount(1), new TestAccount(2).address]
  ledger.fund(ann.address, 100n * WEI_PER_WE)
  const terms = { creator, contentId: TEST_CONTENT, sharerBps: 0 }
  const first = ann.gift(creator)
  const second = ann.gift(creator, { giftId: 5 }, first)

  let book = await CreatorBook.open(join(dir, 'taken.log'))
  let room = book.room(terms, ledger, new OverspendWatch())
  expect((await book.take(room, first)).kind).toBe('shown')
  await book.close()

  book = await CreatorBook.open(join(dir, 'taken.log'))
  room = book.room(terms, ledger, new OverspendWatch())
  expect(await book.take(room, first)).toEqual({ kind: 'refused', why: 'replayed' })
  expect((await book.take(room, second)).kind).toBe('shown')
  const open = await book.openTabs(ledger)
  expect(open).toMatchObject([{ tab: second.tab, signature: second.signature, paidWei: 0n }])
  expect(owed(open)).toBe(3n * WEI_PER_WE)
  ledger.settle(second.tab)
  expect(owed(await book.openTabs(ledger))).toBe(0n)
  await book.close()
  await rm(dir, { recursive: true, force: true })
})
