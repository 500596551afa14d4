import '../src/main/platform/runtime-floor'
import { verifyTypedData } from 'ethers'
import { longSignature } from '../src/shared/gifts/compact-signature'
import { decodeGiftLine, encodeGiftLine, requireTabSignature, type GiftLine } from '../src/shared/gifts/gift-line'
import { TEST_CONTENT, TEST_DOMAIN, TEST_SEPARATOR, TestAccount, TestLedger } from '../src/shared/gifts/gift-test-kit'
import { OverspendWatch } from '../src/shared/gifts/overspend-watch'
import { RoomBook } from '../src/shared/gifts/room-book'
import { TYPED_DATA } from '../src/shared/wallet/typed-data'
import { ownCpuMs } from './cpu-time'

/**
 * Gifts that one core verifies in a second: form, chain step, signature, growth and deposit, as every app of a room does
 * it; beside it ethers' verifyTypedData alone, interleaved. `npm run bench -- tabs [--quick] [--json]`
 */
const quick = process.argv.includes('--quick')
const ROUNDS = quick ? 3 : 8
const EACH = quick ? 100 : 300
/** Issue 5; ledger.md 10. */
const TARGET = 450

const ledger = new TestLedger()
const creator = new TestAccount(2).address
const lines: Uint8Array[] = []
for (let payer = 0; payer < 10; payer++) {
  const account = new TestAccount(100 + payer)
  ledger.fund(account.address, 10n ** 24n)
  let last: GiftLine | undefined
  for (let at = 0; at < EACH / 10; at++) lines.push(encodeGiftLine((last = account.gift(creator, {}, last))))
}
const types = { Tab: TYPED_DATA.Tab.map((field) => ({ ...field })) }

async function ours(): Promise<number> {
  const room = new RoomBook({ creator, contentId: TEST_CONTENT, sharerBps: 0 }, ledger, new OverspendWatch())
  const before = ownCpuMs()
  for (const bytes of lines) {
    const line = decodeGiftLine(bytes)
    requireTabSignature(TEST_SEPARATOR, line)
    const verdict = await room.take(line)
    if (verdict.kind !== 'shown') throw new Error(`not shown: ${JSON.stringify(verdict)}`)
  }
  return ownCpuMs() - before
}

function theirs(): number {
  const before = ownCpuMs()
  for (const bytes of lines) {
    const { tab, signature } = decodeGiftLine(bytes)
    const signer = verifyTypedData(TEST_DOMAIN, types, tab, longSignature(signature))
    if (signer.toLowerCase() !== tab.payer) throw new Error('not the payer')
  }
  return ownCpuMs() - before
}

await ours()
theirs()
const runs: { ours: number; theirs: number }[] = []
for (let round = 0; round < ROUNDS; round++) runs.push({ ours: await ours(), theirs: theirs() })
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!
const perSecond = (ms: number): number => Math.round((1_000 * lines.length) / ms)
const result = {
  bench: 'tabs',
  gifts: lines.length,
  rounds: ROUNDS,
  giftBytes: Math.round(lines.reduce((sum, { length }) => sum + length, 0) / lines.length),
  verifiedPerCpuSecond: perSecond(median(runs.map((run) => run.ours))),
  ethersVerifyTypedDataPerCpuSecond: perSecond(median(runs.map((run) => run.theirs))),
  target: TARGET,
}
console.error(
  `${result.verifiedPerCpuSecond} gifts a CPU second (target ${TARGET}), form, chain, signature, growth and deposit; ` +
    `ethers.verifyTypedData alone: ${result.ethersVerifyTypedDataPerCpuSecond}`,
)
console.log(JSON.stringify(result))
