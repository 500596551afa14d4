import { AbiCoder, Interface, SigningKey, Transaction, TypedDataEncoder, verifyTypedData } from 'ethers'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { StudioError } from '@shared/errors'
import { ZERO_ADDRESS } from '@shared/money/address'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { IDENTITY_DOMAIN, TYPED_DATA, type PrimaryType } from '@shared/wallet/typed-data'
import { cast, castMissing } from '../testing/cast'
import { LOCAL, REAL } from '../testing/test-network'
import { CONTRACT_FUNCTIONS } from './contract-functions'
import { lookalike } from './lookalike'
import { readTransaction } from './transaction-rules'
import { readTypedIntent } from './typed-intent'

const KEY = new SigningKey('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const ME = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const ADA = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const NOW = 1_800_000_000_000
const SECONDS = NOW / 1000
const CHAIN = `0x${'ab'.repeat(32)}`
const context = { account: ME, networks: [LOCAL, REAL], now: NOW }

const TAB = { payer: ME, creator: ADA, sharer: ZERO_ADDRESS, sharerBps: 0, total: WEI_PER_WE, count: 1, chain: CHAIN }
const PERMIT = { owner: ME, spender: LOCAL.contracts.TipBank!, value: 5n, nonce: 0n, deadline: BigInt(SECONDS + 600) }
const GRANT = {
  ...{ account: ME, device: CHAIN, x25519: CHAIN, scopes: 'live record' },
  ...{ notBefore: SECONDS, expires: SECONDS + 1000, nonce: 1 },
}
const REVOKE = { account: ME, device: CHAIN, lastN: 7, lastId: '0x' }
const contractDomain = (name: string, verifyingContract: string | undefined): object => ({
  ...{ name, version: '1', chainId: LOCAL.chainId, verifyingContract },
})
const DATA = {
  Tab: { domain: contractDomain('WE TipBank', LOCAL.contracts.TipBank), message: TAB },
  Permit: { domain: contractDomain('WE', LOCAL.contracts.WEToken), message: PERMIT },
  KeyGrant: { domain: IDENTITY_DOMAIN, message: GRANT },
  KeyRevoke: { domain: IDENTITY_DOMAIN, message: REVOKE },
} satisfies Record<PrimaryType, object>

const typed = (
  primaryType: PrimaryType,
  change: { domain?: object; message?: object; types?: object } = {},
): unknown => ({
  domain: { ...DATA[primaryType].domain, ...change.domain },
  types: change.types ?? { [primaryType]: TYPED_DATA[primaryType] },
  primaryType,
  message: { ...DATA[primaryType].message, ...change.message },
})

function refused(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof StudioError && error.message.startsWith('Not signed: ')) return error.code
    throw error
  }
  return 'accepted'
}

describe('typed data', () => {
  test.each(Object.keys(DATA) as PrimaryType[])('a %s of ours is read', (type) => {
    expect(readTypedIntent(typed(type), context).type).toBe(type)
    const asJson = JSON.parse(
      JSON.stringify(typed(type), (_k, v: unknown) => (typeof v === 'bigint' ? `${v}` : v)),
    ) as unknown
    expect(readTypedIntent(asJson, context)).toEqual(readTypedIntent(typed(type), context))
  })

  test.each<[string, unknown, string]>([
    ['not data at all', 'hello', 'sign-unknown'],
    ['an unknown type', { ...(typed('Tab') as object), primaryType: 'Order' }, 'sign-unknown'],
    ['a property of objects as type', { ...(typed('Tab') as object), primaryType: 'toString' }, 'sign-unknown'],
    ['a foreign chain', typed('Tab', { domain: { chainId: 1n } }), 'sign-chain'],
    ['no chain', typed('Tab', { domain: { chainId: undefined } }), 'sign-chain'],
    ['a foreign contract', typed('Tab', { domain: { verifyingContract: ADA } }), 'sign-contract'],
    [
      'another contract of ours',
      typed('Tab', { domain: { verifyingContract: LOCAL.contracts.WEToken } }),
      'sign-contract',
    ],
    ['another domain name', typed('Tab', { domain: { name: 'WE' } }), 'sign-domain'],
    ['another version', typed('Tab', { domain: { version: '2' } }), 'sign-domain'],
    ['a salt in the domain', typed('Tab', { domain: { salt: CHAIN } }), 'sign-unknown'],
    ['an extra field', typed('Tab', { message: { tip: 1 } }), 'sign-fields'],
    ['a missing field', typed('Tab', { message: { chain: undefined } }), 'sign-fields'],
    ['a total that is none', typed('Tab', { message: { total: '1e18' } }), 'sign-fields'],
    ['a total below 0', typed('Tab', { message: { total: -1n } }), 'sign-fields'],
    ['a total above uint96', typed('Tab', { message: { total: 1n << 96n } }), 'sign-fields'],
    ['a total above all WE', typed('Tab', { message: { total: 2n * 10n ** 27n } }), 'sign-fields'],
    ['a gift of nothing', typed('Tab', { message: { total: 0n } }), 'sign-fields'],
    ['a sharer who takes more than half', typed('Tab', { message: { sharerBps: 5001 } }), 'sign-fields'],
    ['somebody else’s money', typed('Tab', { message: { payer: ADA, creator: ME } }), 'sign-account'],
    ['a sharer’s part for oneself', typed('Tab', { message: { sharer: ME, sharerBps: 500 } }), 'sign-self'],
    ['a gift to oneself', typed('Tab', { message: { creator: ME } }), 'sign-self'],
    ['another type behind the name', typed('Tab', { types: { Tab: TYPED_DATA.Permit } }), 'sign-types'],
    ['fields in another order', typed('Tab', { types: { Tab: [...TYPED_DATA.Tab].reverse() } }), 'sign-types'],
    ['a second type', typed('Tab', { types: { Tab: TYPED_DATA.Tab, Evil: TYPED_DATA.Permit } }), 'sign-types'],
    ['a permit for a stranger', typed('Permit', { message: { spender: ADA } }), 'sign-contract'],
    ['an unlimited permit', typed('Permit', { message: { value: (1n << 256n) - 1n } }), 'sign-unlimited'],
    ['a permit for ever', typed('Permit', { message: { deadline: (1n << 256n) - 1n } }), 'sign-deadline'],
    ['a permit of another owner', typed('Permit', { message: { owner: ADA } }), 'sign-account'],
    ['a grant with a chain', typed('KeyGrant', { domain: { chainId: LOCAL.chainId } }), 'sign-domain'],
    ['a grant for another account', typed('KeyGrant', { message: { account: ADA } }), 'sign-account'],
    ['a grant for ten years', typed('KeyGrant', { message: { expires: SECONDS + 10 * 365 * 86400 } }), 'sign-deadline'],
    ['a grant that has run out', typed('KeyGrant', { message: { expires: SECONDS - 1, notBefore: 1 } }), 'sign-fields'],
  ])('refused with a reason: %s', (_what, data, code) => {
    expect(refused(() => readTypedIntent(data, context))).toBe(code)
  })

  test.skipIf(castMissing !== null)('cast signs every type to the same signature', async () => {
    await Promise.all(
      (Object.keys(DATA) as PrimaryType[]).map(async (type) => {
        const { domain, message } = DATA[type]
        const fields = { [type]: [...TYPED_DATA[type]] }
        const ours = KEY.sign(TypedDataEncoder.hash(domain, fields, message)).serialized
        const json = JSON.stringify(TypedDataEncoder.getPayload(domain, fields, message))
        expect(await cast('wallet', 'sign', '--data', json, '--private-key', KEY.privateKey)).toBe(ours)
        expect(verifyTypedData(domain, fields, message, ours).toLowerCase()).toBe(ME)
      }),
    )
  })
})

const WE = new Interface([
  'function transfer(address,uint256)',
  'function transferAndCall(address,uint256,bytes)',
  'function approve(address,uint256)',
])
const transaction = (to: string, data: string, change: object = {}): unknown => ({
  ...{ type: 2, chainId: LOCAL.chainId, nonce: 0, to, data, value: 0n },
  ...{ gasLimit: 100_000n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
  ...change,
})
const token = LOCAL.contracts.WEToken!
const send = WE.encodeFunctionData('transfer', [ADA, 5n * WEI_PER_WE])
const payFor = (to: string | undefined, data: string): string =>
  WE.encodeFunctionData('transferAndCall', [to, 7n * WEI_PER_WE, data])

describe('transactions', () => {
  test('sending WE says to whom, how much and the fee', () => {
    const effect = readTransaction(transaction(token, send), [LOCAL])
    expect(effect).toMatchObject({ title: 'Send 5 WE', paysWei: 5n * WEI_PER_WE, to: ADA, fee: { value: 'None' } })
    const fees = { chainId: REAL.chainId, maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 1n }
    const real = readTransaction(transaction(token, send, fees), [LOCAL, REAL])
    expect(real.fee.value).toBe('At most 0.0002 of the network’s coin')
  })

  test('what WE is paid for by transferAndCall is read', () => {
    const deposit = readTransaction(transaction(token, payFor(LOCAL.contracts.TipBank, '0x')), [LOCAL])
    expect(deposit).toMatchObject({ title: 'Set 7 WE aside for gifts', depositWei: 7n * WEI_PER_WE })
    const order = AbiCoder.defaultAbiCoder().encode(
      ['tuple(address,uint32,uint32,bytes32,address)'],
      [[ADA, 1, 2, CHAIN, ZERO_ADDRESS]],
    )
    const gift = readTransaction(transaction(token, payFor(LOCAL.contracts.GiftRouter, order)), [LOCAL])
    expect(gift).toMatchObject({ title: 'Give 7 WE', to: ADA, paysWei: 7n * WEI_PER_WE })
    const packets = readTransaction(transaction(token, payFor(LOCAL.contracts.AccessMarket, '0x')), [LOCAL])
    expect(packets.title).toBe('Buy live packets for 7 WE')
  })

  test.each<[string, unknown, string]>([
    ['a foreign chain', transaction(token, send, { chainId: 1n }), 'sign-chain'],
    ['a foreign contract', transaction(ADA, send), 'sign-contract'],
    ['coins along', transaction(token, send, { value: 1n }), 'sign-value'],
    ['a fee of more than a coin', transaction(token, send, { maxFeePerGas: 10n ** 15n }), 'sign-fee'],
    ['nothing to call', transaction(token, '0x'), 'sign-function'],
    [
      'burning',
      transaction(token, new Interface(['function burn(uint256)']).encodeFunctionData('burn', [1n])),
      'sign-function',
    ],
    ['taking from others', transaction(token, `0x23b872dd${'0'.repeat(192)}`), 'sign-function'],
    ['bytes behind the arguments', transaction(token, `${send}00`), 'sign-fields'],
    ['half an argument', transaction(token, send.slice(0, -2)), 'sign-fields'],
    ['dirty bits in an address', transaction(token, send.replace('0xa9059cbb0', '0xa9059cbbf')), 'sign-fields'],
    ['sending into a contract', transaction(token, WE.encodeFunctionData('transfer', [token, 1n])), 'sign-lost'],
    ['sending to nobody', transaction(token, WE.encodeFunctionData('transfer', [ZERO_ADDRESS, 1n])), 'sign-lost'],
    [
      'paying a contract for something unknown',
      transaction(token, payFor(LOCAL.contracts.TipBank, '0x1234')),
      'sign-function',
    ],
    ['paying a stranger by call', transaction(token, payFor(ADA, '0x')), 'sign-function'],
    ['an approval for a stranger', transaction(token, WE.encodeFunctionData('approve', [ADA, 1n])), 'sign-contract'],
    [
      'an unlimited approval',
      transaction(token, WE.encodeFunctionData('approve', [LOCAL.contracts.TipBank, (1n << 256n) - 1n])),
      'sign-unlimited',
    ],
    ['an extra field', transaction(token, send, { accessList: [] }), 'sign-fields'],
    [
      'the faucet on a real chain',
      transaction(LOCAL.faucet!, '0x4e71d92d', { chainId: REAL.chainId }),
      'sign-contract',
    ],
  ])('refused with a reason: %s', (_what, data, code) => {
    expect(refused(() => readTransaction(data, [LOCAL, { ...REAL, faucet: LOCAL.faucet }]))).toBe(code)
  })

  test('a signed transaction is one that others read', () => {
    const { transaction: unsigned } = readTransaction(transaction(token, send), [LOCAL])
    const signed = Transaction.from({ ...unsigned })
    signed.signature = KEY.sign(signed.unsignedHash)
    expect(Transaction.from(signed.serialized).from?.toLowerCase()).toBe(ME)
  })
})

const artifacts = fileURLToPath(new URL('../../../../contracts/artifacts', import.meta.url))
if (!existsSync(artifacts)) console.warn('NOT CHECKED against the contracts: contracts/artifacts is missing')

test.skipIf(!existsSync(artifacts)).each(Object.entries(CONTRACT_FUNCTIONS))(
  'every function of %s that is signed exists as it is described',
  (name, known) => {
    const { abi } = JSON.parse(readFileSync(`${artifacts}/${name}.json`, 'utf8')) as { abi: [] }
    const real = new Interface(abi)
    for (const { signature } of known) {
      const ours = new Interface([signature]).fragments[0]!
      expect(
        real.fragments.filter(({ type }) => type === 'function').map((fragment) => fragment.format('sighash')),
      ).toContain(ours.format('sighash'))
    }
  },
)

test('an address with the ends of a known one is noticed', () => {
  const poison = `${ADA.slice(0, 6)}${'0'.repeat(32)}${ADA.slice(-4)}`
  expect(lookalike(poison, [ME, ADA])).toBe(ADA)
  expect(lookalike(ADA, [ADA])).toBeNull()
  expect(lookalike(ME, [ADA])).toBeNull()
})
