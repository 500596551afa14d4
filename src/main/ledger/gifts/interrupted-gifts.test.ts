import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEST_CONTENT, TestAccount, testSigner } from '@shared/gifts/gift-test-kit'
import { ZERO_ADDRESS } from '@shared/money/address'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { expect, it } from 'vitest'
import { givenPath, interruptedGifts } from './interrupted-gifts'
import { PayerBook, type GiftWish } from './payer-book'

it('after a kill the person reads which gift was not sent and which one waits, and the first only once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'we-gifts-'))
  const ann = new TestAccount(1)
  const wish = (giftName: string, creator: number): GiftWish => ({
    creator: new TestAccount(creator).address,
    sharer: ZERO_ADDRESS,
    sharerBps: 0,
    item: { giftId: 4, qty: 1, contentId: TEST_CONTENT, time: 1_795_000_000 },
    amountWei: WEI_PER_WE,
    design: null,
    name: 'Ann',
    text: '',
    about: { giftName, creatorName: 'Evening talk', room: 'we://room' },
  })
  const book = await PayerBook.open(givenPath(folder, 7, ann.address), ann.address)
  await book.give(wish('Clap', 2), ann, () => Promise.resolve())
  const away = book.give(wish('Coffee', 2), ann, () => Promise.reject(new Error('cut')))
  await expect(away).rejects.toMatchObject({ code: 'gift-not-left' })
  let asked = (): void => undefined
  const isAsked = new Promise<void>((done) => (asked = done))
  const never = testSigner(() => (asked(), new Promise<Uint8Array>(() => undefined)))
  void book.give(wish('Rose', 3), never, () => Promise.resolve())
  await isAsked // on disk, not signed: here the kill comes
  await book.close()

  const waits =
    'Your Coffee for “Evening talk” was signed when the app was closed, and is not sent yet. Watch that live again, and it is sent once.'
  expect(await interruptedGifts(folder, ann.address)).toEqual([
    'Your Rose for “Evening talk” was not sent: the app was closed before it was signed. Nothing was paid.',
    waits,
  ])
  expect(await interruptedGifts(folder, ann.address)).toEqual([waits])
  expect(await interruptedGifts(folder, new TestAccount(9).address)).toEqual([])
  await rm(folder, { recursive: true, force: true })
})
