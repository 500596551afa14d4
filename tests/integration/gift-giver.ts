/** Gives one gift after the other until it is killed; bundled and driven by gift-kill.test.ts. */
import '../../src/main/platform/runtime-floor'
import { decodeGiftLine } from '@shared/gifts/gift-line'
import { TEST_CONTENT, TestAccount } from '@shared/gifts/gift-test-kit'
import { ZERO_ADDRESS } from '@shared/money/address'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { PayerBook } from '../../src/main/ledger/gifts/payer-book'

const ann = new TestAccount(1)
const book = await PayerBook.open(process.argv[2]!, ann.address)
const room = 'we://room'
const leave = (bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => process.send!({ chain: decodeGiftLine(bytes).tab.chain }, () => resolve()))

await book.sendAgain(room, leave)
for (;;) {
  await book.give(
    {
      creator: new TestAccount(2).address,
      ...{ sharer: ZERO_ADDRESS, sharerBps: 0, amountWei: WEI_PER_WE, design: null, name: '', text: '' },
      item: { giftId: 4, qty: 1, contentId: TEST_CONTENT, time: Math.floor(Date.now() / 1000) },
      about: { giftName: 'Clap', creatorName: 'Bea', room },
    },
    ann,
    leave,
  )
}
