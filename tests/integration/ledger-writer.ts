/**
 * A host's ledger in a process of its own, made to be killed: opens the folder, checks what an earlier run said it had
 * confirmed, then pays into the till as fast as it can and writes a line for each block that is on disk.
 * Arguments: folder, then height and hash of the last confirmed block, if there was one.
 */
import '../../src/main/platform/runtime-floor'
import { writeSync } from 'node:fs'
import { openLedger } from '../../src/main/ledger/embedded/open-ledger'
import {
  FREELY,
  payment,
  TILL,
  TILL_ADDRESS,
  TILL_GENESIS,
  testWallet,
} from '../../src/main/ledger/embedded/testing/temp-ledger'

const [dir = '', height = '0', hash = ''] = process.argv.slice(2)
const say = (line: string): void => void writeSync(1, `${line}\n`)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const opened = await openLedger({ dir, calls: TILL_GENESIS, admission: FREELY })
const { ledger } = opened
const kept = ledger.store.blockHash(Number(height))
if (hash !== '' && (kept === undefined || hex(kept) !== hash)) {
  say(`lost block ${height}`)
  process.exit(3)
}
const wallet = testWallet(0)
const sum = (await opened.request({
  method: 'eth_call',
  params: [{ to: TILL_ADDRESS, data: TILL.encodeFunctionData('sum') }, 'latest'],
})) as string
let nonce = Number(await opened.request({ method: 'eth_getTransactionCount', params: [wallet.address, 'latest'] }))
if (Number(sum) !== nonce) {
  say(`the till holds ${Number(sum)} after ${nonce} payments of 1`)
  process.exit(4)
}
say(`open ${ledger.head.height} ${hex(ledger.head.hash)}`)
ledger.onBlock((head) => say(`block ${head.height} ${hex(head.hash)}`))
for (;;) {
  await ledger.submit(await payment(wallet, ledger.chainId, nonce++, 1n))
  while (ledger.waiting > 4) await new Promise(setImmediate)
}
