import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EXPORT_SENTENCE } from '@shared/wallet/account'
import { cast, castMissing } from '../main/wallet/testing/cast'
import type { CommandContext } from './context'
import { walletCommand, type WalletArguments } from './wallet'

const ME = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const code = (expected: string): Error => expect.objectContaining({ name: 'StudioError', code: expected }) as Error

let dir: string
let lines: string[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-cli-wallet-'))
  vi.stubEnv('WE_PASSPHRASE', 'a passphrase of mine')
  vi.stubEnv('WE_SENTENCE', EXPORT_SENTENCE)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true, force: true })
})

async function we(action: string, rest: string[] = [], options: Partial<WalletArguments> = {}): Promise<string> {
  lines = []
  const output = {
    json: false,
    line: (text: string) => void lines.push(text),
    event: (name: string, fields: object = {}) => void lines.push(`${name} ${JSON.stringify(fields)}`),
    log: () => undefined,
  }
  const none = {
    name: undefined,
    account: undefined,
    path: undefined,
    kind: undefined,
    out: undefined,
    typed: undefined,
  }
  const context = { output, signal: new AbortController().signal } as unknown as CommandContext
  const status = await walletCommand({ action, rest, dataDir: dir, ...none, ...options }, context)
  expect(status).toBe(0)
  return lines.join('\n')
}

test('an account is brought, listed, used and taken elsewhere from the command line', async () => {
  await writeFile(join(dir, 'words'), 'test test test test test test test test test test test junk\n')
  expect(await we('import', [join(dir, 'words')], { name: 'Me' })).toContain(`Me: ${ME}`)
  expect(await we('address')).toBe(ME)
  expect(await we('list')).toBe(`* ${ME}  Me`)

  const signature = await we('sign', ['hello'])
  expect(await we('verify', ['hello', signature], { account: ME })).toBe(`Signed by ${ME}.`)
  await expect(we('verify', ['other', signature], { account: ME })).rejects.toThrow()
  const file = join(dir, 'out.json')
  await we('export', [], { out: file })
  await expect(we('export', [], { out: file })).rejects.toThrow(code('not-written'))
  if (castMissing === null) {
    expect(await cast('wallet', 'sign', 'hello', '--private-key', KEY)).toBe(signature)
    const args = ['--keystore-dir', dir, '--unsafe-password', 'a passphrase of mine']
    expect(await cast('wallet', 'decrypt-keystore', 'out.json', ...args)).toContain(KEY)
  }
  expect(await we('export', [], { kind: 'key' })).toBe(KEY)

  vi.stubEnv('WE_SENTENCE', 'yes')
  await expect(we('export', [], { kind: 'words' })).rejects.toThrow(code('sentence-wrong'))
  vi.stubEnv('WE_PASSPHRASE', 'another')
  await expect(we('sign', ['hello'])).rejects.toThrow(code('passphrase-wrong'))
  expect(await readFile(join(dir, 'wallet', 'wallet.json'), 'utf8')).not.toContain('passphrase of mine')
})

test('money is not signed from a file, and nothing without a passphrase', async () => {
  await we('new', [], { name: 'New' })
  const tab = {
    domain: { name: 'WE TipBank', version: '1', chainId: 1 },
    types: { Tab: [] },
    primaryType: 'Tab',
    message: {},
  }
  await writeFile(join(dir, 'tab.json'), JSON.stringify(tab))
  await expect(we('sign', [], { typed: join(dir, 'tab.json') })).rejects.toThrow(/^Not signed: /)
  vi.stubEnv('WE_PASSPHRASE', undefined)
  await expect(we('sign', ['hello'])).rejects.toThrow(code('passphrase-needed'))
  await expect(we('steal')).rejects.toThrow(code('usage'))
})
