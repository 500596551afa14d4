import { verifyTypedData } from 'ethers'
import { createPublicKey, verify as verifyWith } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { WalletStart } from '@shared/engines/wallet-service'
import type { StudioError } from '@shared/errors'
import { ZERO_ADDRESS } from '@shared/money/address'
import { openShareToken } from '@shared/live/share-token'
import type { Verify } from '@shared/live/signed-record'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { EXPORT_SENTENCE } from '@shared/wallet/account'
import { keyGrantProblem } from '@shared/wallet/key-grant'
import { DAY_MS, DEFAULT_BUDGET } from '@shared/wallet/room-budget'
import type { SheetView, SignPrompt } from '@shared/wallet/sheet'
import { TYPED_DATA } from '@shared/wallet/typed-data'
import { loadDeviceKey } from './device-key'
import { deviceKeys } from './signing/device-grant'
import { AccountStore } from './accounts/account-store'
import { secretFromPhrase } from './keystore/mnemonic'
import { decryptKeystore } from './keystore/keystore-v3'
import { LOCAL, REAL } from './testing/test-network'
import { WalletEngine, type WalletEvents } from './wallet-engine'

const ADA = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const BOB = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'
const PHRASE = 'test test test test test test test test test test test junk'
const ME = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const PASSPHRASE = 'my own passphrase'
const code = (expected: string): Error => expect.objectContaining({ name: 'StudioError', code: expected }) as Error

// each scrypt takes half a second, and some of them on a busy machine
vi.setConfig({ testTimeout: 120_000 })

let dir: string
let now: number
let engine: WalletEngine
let view: SheetView
let files: { name: string; text: string }[]

const call = () => engine.handlers()
const sheet = () => engine.sheetHandlers()

async function open(start: Partial<WalletStart> = {}): Promise<WalletEngine> {
  const events: WalletEvents = {
    changed: () => undefined,
    moved: () => undefined,
    sheet: () => undefined,
    view: (next) => (view = next),
    saveFile: (file) => {
      files.push(file)
      void call().fileSaved(true)
    },
  }
  const settings = { dataDir: dir, devicePassphrase: null, deviceSecret: null }
  engine = await WalletEngine.open({ ...settings, ...start }, events, () => now)
  await call().setNetworks([LOCAL, REAL])
  return engine
}

let prepared: string

beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'we-wallet-'))
  const store = await AccountStore.open(join(prepared, 'wallet'))
  await store.add(secretFromPhrase(PHRASE), 'Me', { protection: 'passphrase', passphrase: PASSPHRASE })
})
afterAll(() => rm(prepared, { recursive: true, force: true }))

/** The account of the well-known words, open, with a room of Ada's. */
async function withAccount(): Promise<void> {
  await cp(prepared, dir, { recursive: true })
  await open()
  await sheet().unlock({ passphrase: PASSPHRASE })
  await call().openRoom({ room: 'ada', name: 'Ada', creator: ADA })
}

const IMPORT = { name: 'Me', text: PHRASE, filePassphrase: '', path: '', mnemonicPassphrase: '' }

let count = 0
const tab = (we: number, creator = ADA) => ({
  ...{ payer: ME, creator, sharer: ZERO_ADDRESS, sharerBps: 0 },
  ...{ total: (BigInt(Math.round(we * 100)) * WEI_PER_WE) / 100n, count: (count += 1), chain: `0x${'ab'.repeat(32)}` },
})
const sign = (we: number, room: string | null = 'ada', creator = ADA) =>
  call().signTab({ chainId: LOCAL.chainId, tab: tab(we, creator), room }) as Promise<{ signature: string }>

/** What is in front on the sheet, once it is there. */
async function prompt(): Promise<SignPrompt> {
  await expect.poll(() => view.show).toBe('prompt')
  return (view as SheetView & { show: 'prompt' }).prompt
}
const yes = async (more: { allowWei?: bigint; passphrase?: string | null } = {}): Promise<void> => {
  const { id } = await prompt()
  await sheet().answer({ id, yes: true, allowWei: 0n, passphrase: null, ...more })
}
const no = async (): Promise<void> => {
  await sheet().answer({ id: (await prompt()).id, yes: false, allowWei: 0n, passphrase: null })
}
const asks = async (signing: Promise<unknown>): Promise<string> => {
  const refused = expect(signing).rejects.toThrow(code('sign-refused'))
  const { words } = await prompt()
  await no()
  await refused
  return words.title
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-wallet-'))
  now = 1_800_000_000_000
  view = { show: 'nothing' }
  files = []
  count = 0
})
afterEach(async () => {
  await engine.close()
  await rm(dir, { recursive: true, force: true })
})

test('gifts inside the budget are signed at once; above the cap, the day or without a room the person is asked', async () => {
  await withAccount()
  const { signature } = await sign(10)
  const domain = {
    name: 'WE TipBank',
    version: '1',
    chainId: LOCAL.chainId,
    verifyingContract: LOCAL.contracts.TipBank!,
  }
  const message = { ...tab(10), count: 1 }
  expect(verifyTypedData(domain, { Tab: [...TYPED_DATA.Tab] }, message, signature).toLowerCase()).toBe(ME)
  expect(view.show).toBe('nothing')

  expect(await asks(sign(20.01))).toBe('Give 10.01 WE to Ada')
  for (const total of [20, 30, 40, 50]) await sign(total)
  expect(await asks(sign(50.01))).toBe('Give 0.01 WE to Ada')
  expect(await asks(sign(1, 'ada', BOB))).toBe('Give 1 WE to this creator')
  expect(await asks(sign(51, null))).toBe('Give 1 WE to Ada')

  // a restart gives no second budget, nor does leaving the room and coming back
  await call().endRoom('ada')
  await engine.close()
  await open()
  expect(engine.state.locked).toBe(true)
  const unlocking = sign(60)
  await expect(
    sheet().answer({ id: (await prompt()).id, yes: true, allowWei: 0n, passphrase: 'wrong guess' }),
  ).rejects.toThrow(code('passphrase-wrong'))
  await yes({ passphrase: PASSPHRASE })
  await unlocking
  await call().openRoom({ room: 'ada', name: 'Ada', creator: ADA })
  expect(await asks(sign(61))).toBe('Give 1 WE to Ada')
  now += DAY_MS
  await sign(61)
})

test('a yes may allow more in the room today; it ends with the room and covers nobody else', async () => {
  await withAccount()
  const first = sign(30)
  expect((await prompt()).room).toEqual({ name: 'Ada', leftWei: 50n * WEI_PER_WE })
  await yes({ allowWei: 100n * WEI_PER_WE })
  await first
  await sign(130) // one gift of 100: up to what was allowed
  expect(view.show).toBe('nothing')
  await call().endRoom('ada')
  await call().openRoom({ room: 'ada', name: 'Ada', creator: ADA })
  expect(await asks(sign(131))).toBe('Give 1 WE to Ada')
})

test('a gift with a designer is one question and one sum; a part above a fifth asks, and one for another room is refused', async () => {
  await withAccount()
  const design = (we: number, creator = BOB, sharer = ADA) => ({ ...tab(we, creator), sharer })
  const pair = (gift: number, part: ReturnType<typeof design>) =>
    call().signTabs({ chainId: LOCAL.chainId, tab: tab(gift), design: part, room: 'ada' })
  const first = { tab: tab(8), design: design(2) }
  const signed = await call().signTabs({ chainId: LOCAL.chainId, ...first, room: 'ada' })
  const domain = { name: 'WE TipBank', version: '1', chainId: LOCAL.chainId }
  const signer = (message: object, signature: string): string =>
    verifyTypedData(
      { ...domain, verifyingContract: LOCAL.contracts.TipBank! },
      { Tab: [...TYPED_DATA.Tab] },
      message,
      signature,
    ).toLowerCase()
  expect(signer(first.tab, signed.signature)).toBe(ME)
  expect(signer(first.design, signed.designSignature)).toBe(ME)
  const [room] = (await call().movements({ account: ME, limit: 9 })).map(({ title, paysWei }) => [title, paysWei])
  expect(room).toEqual(['Give 10 WE to Ada', 10n * WEI_PER_WE])
  // both count: 8 + 2 are spent of the 50 of the day
  const dear = pair(8.01, design(4))
  const { words } = await prompt()
  expect(words.title).toBe('Give 2.01 WE to Ada')
  expect(words.details.map(({ label }) => label)).toContain('Of it to the designer, 2 WE')
  await no()
  await expect(dear).rejects.toThrow(code('sign-refused'))
  for (const part of [design(5, BOB, BOB), design(5, BOB, ZERO_ADDRESS), design(5, ADA, ADA), design(5, ME)]) {
    await expect(pair(90, part)).rejects.toThrow('Not signed: ')
  }
  await expect(pair(90, { ...design(5), sharerBps: 1 })).rejects.toThrow(code('sign-fields'))
  await expect(pair(90, { ...design(2), count: 99 })).rejects.toThrow(code('tab-backwards'))
})

test('many rooms do not add up to the whole wallet', async () => {
  await withAccount()
  let signed = 0
  for (let room = 0; room < 6; room += 1) {
    const creator = `0x${String(room).repeat(40)}`.replace(/^0x0{40}$/, BOB)
    await call().openRoom({ room: `r${room}`, name: 'R', creator })
    for (const total of [10, 20, 30, 40, 50]) {
      const signing = sign(total, `r${room}`, creator).then(() => (signed += 10))
      await Promise.race([signing, prompt()])
      if (view.show === 'prompt') {
        await no()
        await expect(signing).rejects.toThrow(code('sign-refused'))
      }
    }
  }
  expect(signed).toBe(200)
})

test('a total that runs backwards, foreign chains and made-up answers get nothing', async () => {
  await withAccount()
  await sign(5)
  const again = { chainId: LOCAL.chainId, tab: { ...tab(4), count: 99 }, room: 'ada' }
  await expect(call().signTab(again)).rejects.toThrow(code('tab-backwards'))
  await expect(call().signTab({ ...again, chainId: 1n })).rejects.toThrow(code('sign-chain'))
  const foreign = { chainId: LOCAL.chainId, tab: { ...tab(9), payer: ADA, creator: ME }, room: 'ada' }
  await expect(call().signTab(foreign)).rejects.toThrow(code('no-account'))

  const signing = sign(100)
  const { id } = await prompt()
  const forged = { yes: true, allowWei: 0n, passphrase: null }
  for (const wrong of [
    id.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    '00000000-0000-4000-8000-000000000000',
  ]) {
    await expect(sheet().answer({ id: wrong, ...forged })).rejects.toThrow(code('no-such-prompt'))
  }
  await sheet().answer({ id, yes: false, allowWei: 0n, passphrase: null })
  await expect(signing).rejects.toThrow(code('sign-refused'))
  await expect(sheet().answer({ id, ...forged })).rejects.toThrow(code('no-such-prompt'))
  const flood = Array.from({ length: 12 }, () =>
    sign(1000 + count).catch((error: unknown) => (error as StudioError).code),
  )
  await expect.poll(() => view).toMatchObject({ waiting: 7 })
  await call().sheetGone(undefined)
  expect((await Promise.all(flood)).sort()).toEqual([
    ...Array.from({ length: 8 }, () => 'sign-refused'),
    ...Array.from({ length: 4 }, () => 'sign-too-many'),
  ])
})

test('on the local ledger what costs nothing is signed by itself, sending always asks and warns of strangers', async () => {
  await withAccount()
  const base = { type: 2 as const, chainId: LOCAL.chainId, nonce: 0, value: 0n, gasLimit: 100_000n }
  const free = { ...base, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
  const claim = { ...free, to: LOCAL.faucet!, data: '0x4e71d92d' }
  expect((await call().signTransaction({ account: ME, transaction: claim, room: null })).hash).toMatch(
    /^0x[0-9a-f]{64}$/,
  )

  const data = `0xa9059cbb${ADA.slice(2).padStart(64, '0')}${(5n * WEI_PER_WE).toString(16).padStart(64, '0')}`
  const send = { ...free, to: LOCAL.contracts.WEToken!, data }
  await call().endRoom('ada')
  const sending = call().signTransaction({ account: ME, transaction: send, room: null })
  expect((await prompt()).words).toMatchObject({
    title: 'Send 5 WE',
    warning: expect.stringContaining('never paid') as string,
  })
  await yes()
  await sending
  const again = call().signTransaction({ account: ME, transaction: { ...send, nonce: 1 }, room: null })
  expect((await prompt()).words.warning).toBeNull()
  await yes()
  await again

  expect(await call().movements({ account: ME, limit: 10 })).toMatchObject([
    { kind: 'payment', other: ADA, paysWei: 5n * WEI_PER_WE, auto: false },
    { kind: 'payment', auto: false },
    { kind: 'call', title: 'Get 1,000 test WE', auto: true },
  ])
})

test('higher limits take a yes on the sheet and stay with the wallet; lower ones hold at once', async () => {
  await withAccount()
  const limits = (day: bigint, gift: bigint) => ({ perDayWei: day * WEI_PER_WE, perGiftWei: gift * WEI_PER_WE })
  const set = (day: bigint, gift: bigint) => call().setLimits(limits(day, gift)) as Promise<unknown>

  // without the yes nothing is raised, not even half of it, and the room that is open keeps its budget
  for (const [day, gift] of [
    [10_000n, 10_000n],
    [50n, 11n],
    [51n, 1n],
  ] as const) {
    expect(await asks(set(day, gift))).toBe('Give more without a question')
    expect(engine.state).toMatchObject({ limits: DEFAULT_BUDGET, rooms: [{ limits: DEFAULT_BUDGET }] })
  }
  await expect(set(10_001n, 1n)).rejects.toThrow('10000000000000000000000')
  expect(await asks(sign(11))).toBe('Give 11 WE to Ada')
  const closing = expect(set(10_000n, 10_000n)).rejects.toThrow(code('sign-refused'))
  await prompt()
  await call().sheetGone(undefined)
  await closing

  await set(20n, 5n)
  expect(view.show).toBe('nothing')
  expect(engine.state).toMatchObject({ limits: limits(20n, 5n), rooms: [{ limits: limits(20n, 5n) }] })
  expect(await asks(sign(6))).toBe('Give 6 WE to Ada')
  // back to what it was is a rise too
  expect(await asks(set(50n, 10n))).toBe('Give more without a question')

  const raising = set(100n, 5n)
  expect(await prompt()).toMatchObject({
    kind: 'limits',
    words: {
      details: [{ value: 'From 20 WE to 100 WE' }, { value: '5 WE, as now' }, { value: 'From 80 WE to 400 WE' }],
    },
  })
  await yes()
  await raising
  await engine.close()

  // what the start data may claim does not count, and a broken file asks always
  await open({ limits: limits(10_000n, 10_000n) } as Partial<WalletStart>)
  expect(engine.state.limits).toEqual(limits(100n, 5n))
  // a locked wallet wants the passphrase for it
  const locked = set(101n, 5n)
  expect((await prompt()).needsPassphrase).toBe(true)
  const { id } = await prompt()
  await expect(sheet().answer({ id, yes: true, allowWei: 0n, passphrase: null })).rejects.toThrow(
    code('passphrase-needed'),
  )
  await no()
  await expect(locked).rejects.toThrow(code('sign-refused'))
  await engine.close()
  await writeFile(join(dir, 'wallet', 'limits.json'), '{"v":1,"perDay":"99999999999999999999999999","perGift":"1"}')
  await open()
  expect(engine.state.limits).toEqual(limits(0n, 0n))
})

test('a deposit for gifts stays inside the day’s limit of the room', async () => {
  await withAccount()
  const word = (value: bigint): string => value.toString(16).padStart(64, '0')
  const deposit = (we: bigint) => ({
    ...{ account: ME, room: 'ada' },
    transaction: {
      ...{ type: 2 as const, chainId: LOCAL.chainId, nonce: 0, value: 0n, gasLimit: 100_000n },
      ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, to: LOCAL.contracts.TipBank! },
      data: `0xb6b55f25${word(we * WEI_PER_WE)}`,
    },
  })
  await call().signTransaction(deposit(30n))
  await call().signTransaction(deposit(20n))
  expect(await asks(call().signTransaction(deposit(1n)) as Promise<unknown>)).toBe('Set 1 WE aside for gifts')
  const permit = {
    owner: ME,
    spender: LOCAL.contracts.TipBank!,
    value: 50n * WEI_PER_WE,
    nonce: 0n,
    deadline: 1_800_000_600n,
  }
  await call().signPermit({ chainId: LOCAL.chainId, permit, room: 'ada' })
  expect(await asks(call().signPermit({ chainId: LOCAL.chainId, permit, room: null }) as Promise<unknown>)).toContain(
    '50 WE',
  )
})

test('what a program from outside wants is asked always, with its name', async () => {
  await withAccount()
  const domain = {
    name: 'WE TipBank',
    version: '1',
    chainId: LOCAL.chainId,
    verifyingContract: LOCAL.contracts.TipBank,
  }
  const data = { domain, types: { Tab: TYPED_DATA.Tab }, primaryType: 'Tab', message: tab(1) }
  expect(await asks(call().signTypedData({ origin: 'Dice game', data }) as Promise<unknown>)).toBe(
    'Dice game asks: Give 1 WE to Ada',
  )
  await expect(call().signTypedData({ origin: 'Dice game', data: 'Sign in, please' })).rejects.toThrow(
    code('sign-unknown'),
  )
})

test('an account without a passphrase works here, is refused on a real chain, and can be given one', async () => {
  await open()
  await sheet().importAccount({ ...IMPORT, passphrase: null })
  await call().openRoom({ room: 'ada', name: 'Ada', creator: ADA })
  expect(engine.state).toMatchObject({ locked: false, keptBy: 'file', accounts: [{ protection: 'device' }] })
  await sign(1)
  const real = { chainId: REAL.chainId, tab: tab(1), room: 'ada' }
  await expect(call().signTab(real)).rejects.toThrow(code('sign-unprotected'))
  await sheet().setPassphrase({ current: null, next: PASSPHRASE })
  expect(engine.state).toMatchObject({ locked: false, accounts: [{ protection: 'passphrase' }] })
  await call().signTab({ ...real, tab: tab(1) })
  await call().lock(undefined)
  expect(engine.state.locked).toBe(true)
})

test('an engine that takes over from a dead one goes on with the rooms and what was allowed; a new run of the app does not', async () => {
  await withAccount()
  await sign(10)
  const first = sign(41)
  await prompt()
  await yes({ allowWei: 20n * WEI_PER_WE })
  await first
  const before = engine.state.rooms
  expect(before).toMatchObject([{ room: 'ada', spentWei: 10n * WEI_PER_WE, leftWei: 60n * WEI_PER_WE }])
  await engine.close()

  await open({ resumed: true })
  expect(engine.state.rooms).toEqual(before)
  await sheet().unlock({ passphrase: PASSPHRASE })
  await sign(61) // 20 at once: as was allowed
  expect(view.show).toBe('nothing')
  await call().endRoom('ada')
  await engine.close()
  await open({ resumed: true })
  expect(engine.state.rooms).toEqual([])

  await call().openRoom({ room: 'ada', name: 'Ada', creator: ADA })
  await engine.close()
  await open()
  expect(engine.state.rooms).toEqual([])
})

test('the wallet locks sooner at once, and later only with a yes', async () => {
  await withAccount()
  const set = (minutes: 0 | 5 | 15 | 60): Promise<unknown> => Promise.resolve(call().setLockMinutes(minutes))
  await set(5)
  expect(engine.state.lockMinutes).toBe(5)
  for (const minutes of [15, 60, 0] as const) {
    expect(await asks(set(minutes))).toBe('Keep the wallet open for longer')
    expect(engine.state.lockMinutes).toBe(5)
  }
  const longer = set(0)
  expect((await prompt()).words.details).toMatchObject([
    { value: 'When the app ends' },
    { value: 'After 5 minutes without use' },
  ])
  await yes()
  await longer
  expect(engine.state.lockMinutes).toBe(0)
  await set(60)
  expect(engine.state.lockMinutes).toBe(60)
})

test('a link can be shared without a question, and while the wallet is locked', async () => {
  await withAccount()
  await call().lock(undefined)
  const show = `0x${'c0'.repeat(32)}`
  expect(await call().shareToken(show)).toBeNull() // no grant yet: it would have to ask
  expect(await call().knownKeyGrant(undefined)).toBeNull()
  await sheet().unlock({ passphrase: PASSPHRASE })
  expect(await call().knownKeyGrant(undefined)).toMatchObject({ account: ME })
  await call().lock(undefined)
  const token = await call().shareToken(show)
  expect(view.show).toBe('nothing')
  const verify: Verify = (publicKey, payload, signature) => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }
    return verifyWith(null, payload, createPublicKey({ format: 'jwk', key }), signature)
  }
  const about = { subject: show, now: now / 1000, verify }
  expect(openShareToken(token!, about)).toMatchObject({ sharer: ME, name: 'Me' })
})

test('the device gets a grant of the account once, and other peers can check it', async () => {
  await withAccount()
  const grant = await call().keyGrant(undefined)
  expect(await call().keyGrant(undefined)).toEqual(grant)
  const { device } = deviceKeys(await loadDeviceKey(dir))
  const about = { device, scope: 'live', now: now / 1000 }
  expect(keyGrantProblem(grant, about)).toBeNull()
  expect(keyGrantProblem(grant, { ...about, scope: 'money' })).toContain('not for money')
  expect(keyGrantProblem(grant, { ...about, now: about.now + 366 * 86_400 })).toContain('run out')
  expect(keyGrantProblem(grant, { ...about, device: `0x${'0'.repeat(64)}` })).toContain('another device')
  expect(keyGrantProblem({ ...grant, account: ADA }, about)).toContain('somebody else')
  expect(keyGrantProblem({ ...grant, expires: grant.expires + 1 }, about)).toContain('somebody else')
  expect(keyGrantProblem({ ...grant, extra: 1 }, about)).toContain('shape')
  now += 340 * DAY_MS
  expect((await call().keyGrant(undefined)).expires).toBeGreaterThan(grant.expires)
})

test('words are backed up by three of them, and a key leaves only for passphrase and sentence', async () => {
  await withAccount()
  await call().openSheet('backup')
  expect(view).toMatchObject({ show: 'task', task: 'backup' })
  await expect(sheet().showWords({ passphrase: 'not mine' })).rejects.toThrow(code('passphrase-wrong'))
  const { words, ask } = await sheet().showWords({ passphrase: PASSPHRASE })
  expect(words.join(' ')).toBe(PHRASE)
  expect(await sheet().checkWords({ words: ['test', 'test', 'tset'] })).toBe(false)
  expect(await sheet().checkWords({ words: ask.map((at) => words[at]!.toUpperCase()) })).toBe(true)
  expect(engine.state.accounts[0]!.backedUp).toBe(true)
  expect(view.show).toBe('nothing')

  const wrong = { passphrase: PASSPHRASE, sentence: 'yes' }
  await expect(sheet().exportKey(wrong)).rejects.toThrow(code('sentence-wrong'))
  await expect(sheet().exportFile({ ...wrong, filePassphrase: 'for the file' })).rejects.toThrow(code('sentence-wrong'))
  await expect(sheet().exportKey({ passphrase: null, sentence: EXPORT_SENTENCE })).rejects.toThrow(
    code('passphrase-needed'),
  )
  const { privateKey } = await sheet().exportKey({ passphrase: PASSPHRASE, sentence: EXPORT_SENTENCE })
  await sheet().exportFile({ passphrase: PASSPHRASE, sentence: EXPORT_SENTENCE, filePassphrase: 'for the file' })
  expect((await decryptKeystore(files[0]!.text, 'for the file')).privateKey).toBe(privateKey)
  expect(files[0]!.text).toContain('"n": 262144')
})

test('nothing secret lies in the profile or in what is told to others', async () => {
  const told: string[] = []
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = (chunk: string) => told.push(chunk) > 0
  try {
    await withAccount()
    await sign(1)
    await call().keyGrant(undefined)
    for (const passphrase of ['short', PASSPHRASE]) {
      await Promise.resolve(sheet().importAccount({ ...IMPORT, passphrase })).catch((error: unknown) =>
        told.push(String(error)),
      )
    }
    await Promise.resolve(sheet().unlock({ passphrase: `${PASSPHRASE}!` })).catch((error: unknown) =>
      told.push(String(error)),
    )
    told.push(JSON.stringify([engine.state, view], (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v)))
  } finally {
    process.stderr.write = write
  }
  for (const name of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) told.push(await readFile(join(name.parentPath, name.name), 'utf8'))
  }
  const key = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
  const base64 = Buffer.from(key, 'hex').toString('base64')
  const bytes = Buffer.from(key, 'hex').toString('latin1')
  const entropy = 'df9bf37e6fcdf9bf37e6fcdf9bf37e3c'
  for (const secret of [key, base64, bytes, entropy, 'test test', 'junk', PASSPHRASE]) {
    expect(told.filter((text) => text.toLowerCase().includes(secret.toLowerCase()))).toEqual([])
  }
})
