import { getAddress, hashMessage, SigningKey, TypedDataEncoder, verifyMessage } from 'ethers'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { EXPORT_SENTENCE, type AccountInfo } from '@shared/wallet/account'
import { IDENTITY_DOMAIN, TYPED_DATA } from '@shared/wallet/typed-data'
import { lockProfile } from '../main/platform/profile-lock'
import { AccountStore } from '../main/wallet/accounts/account-store'
import { loadDeviceSecret } from '../main/wallet/accounts/device-secret'
import { newSecret, wordsOf } from '../main/wallet/keystore/mnemonic'
import { readImport } from '../main/wallet/keystore/read-import'
import type { WalletSecret } from '../main/wallet/keystore/wallet-secret'
import { readTypedIntent } from '../main/wallet/policy/typed-intent'
import { readTypedAddress } from '../main/wallet/policy/typed-address'
import { defaultDataDir, type CommandContext } from './context'
import { importText, secretInput } from './wallet-input'

export interface WalletArguments {
  action: string
  rest: string[]
  name: string | undefined
  /** Address of the account; without one the active account. */
  account: string | undefined
  path: string | undefined
  /** What `export` gives: a file, the words or the key. */
  kind: string | undefined
  out: string | undefined
  /** A file with typed data to sign. */
  typed: string | undefined
  dataDir: string | undefined
}

/** `we wallet new|import|export|address|sign|verify|list`; passphrases by WE_PASSPHRASE or a prompt only. */
export async function walletCommand(args: WalletArguments, context: CommandContext): Promise<number> {
  const command = COMMANDS[args.action]
  if (command === undefined) {
    throw new StudioError(
      'usage',
      'Give: wallet new, import, export, address, sign, verify or list. See: npm run -s we -- help',
    )
  }
  const folder = args.dataDir ?? defaultDataDir()
  if (!WRITES.has(args.action)) return command(args, context, folder)
  const lock = await lockProfile(folder)
  try {
    return await command(args, context, folder)
  } finally {
    await lock.release()
  }
}

type Command = (args: WalletArguments, context: CommandContext, folder: string) => Promise<number>

const WRITES = new Set(['new', 'import'])
const COMMANDS: Record<string, Command | undefined> = {
  new: (args, context, folder) => keep(args, context, folder, newSecret()),
  import: async (args, context, folder) => {
    const given = await importText(only(args.rest, 'FILE (or - for standard input)'))
    const isFile = given.trim().startsWith('{')
    const extra = process.env['WE_MNEMONIC_PASSPHRASE']
    const secret = await readImport({
      text: given,
      ...(isFile ? { filePassphrase: await secretInput('WE_IMPORT_PASSPHRASE', 'Passphrase of the file') } : {}),
      ...(args.path === undefined ? {} : { path: args.path }),
      ...(extra === undefined ? {} : { mnemonicPassphrase: extra }),
    })
    return keep(args, context, folder, secret)
  },
  export: exportAccount,
  address: async (args, { output }, folder) => {
    const { address, name } = chosen(await open(folder), args.account)
    if (output.json) output.event('address', { address: getAddress(address), name })
    else output.line(getAddress(address))
    return 0
  },
  list: async (_args, { output }, folder) => {
    const store = await open(folder)
    for (const { address, name, protection, backedUp } of store.accounts) {
      const active = store.active?.address === address
      if (output.json) output.event('account', { address: getAddress(address), name, protection, backedUp, active })
      else
        output.line(
          `${active ? '*' : ' '} ${getAddress(address)}  ${name}${protection === 'device' ? '  (not protected)' : ''}`,
        )
    }
    return 0
  },
  sign,
  verify: (args, { output }) => {
    const [message, signature, ...more] = args.rest
    if (message === undefined || signature === undefined || more.length > 0) {
      throw new StudioError('usage', 'Give MESSAGE and SIGNATURE.')
    }
    const signer = signerOf(message, signature)
    const wanted = args.account === undefined ? null : addressArgument(args.account)
    const valid = wanted === null || wanted === signer.toLowerCase()
    if (output.json) output.event('verified', { signer, valid })
    else output.line(valid ? `Signed by ${signer}.` : `Not signed by ${getAddress(wanted)}, but by ${signer}.`)
    return Promise.resolve(valid ? 0 : 1)
  },
}

async function keep(
  args: WalletArguments,
  { output }: CommandContext,
  folder: string,
  secret: WalletSecret,
): Promise<number> {
  if (args.name === undefined) throw new StudioError('usage', '--name is missing.')
  const passphrase = await secretInput('WE_PASSPHRASE', 'New passphrase')
  const info = await (await open(folder)).add(secret, args.name, { protection: 'passphrase', passphrase })
  const address = getAddress(info.address)
  if (output.json) output.event('account', { address, name: info.name, hasWords: info.hasWords })
  else output.line(`${info.name}: ${address}${info.hasWords ? '\nBack it up: we wallet export --kind words' : ''}`)
  return 0
}

async function exportAccount(args: WalletArguments, { output }: CommandContext, folder: string): Promise<number> {
  const store = await open(folder)
  const account = chosen(store, args.account)
  const kind = args.kind ?? 'file'
  if (kind !== 'file' && kind !== 'words' && kind !== 'key')
    throw new StudioError('usage', '--kind is file, words or key.')
  if (kind === 'file' && args.out === undefined) throw new StudioError('usage', '--out is missing.')
  const passphrase = await passphraseFor(account, folder)
  const sentence = await secretInput('WE_SENTENCE', `Type: ${EXPORT_SENTENCE}\n`)
  if (sentence.trim() !== EXPORT_SENTENCE) {
    throw new StudioError('sentence-wrong', `Nothing was exported: type the sentence as it stands: ${EXPORT_SENTENCE}`)
  }
  if (kind === 'file') {
    const own = process.env['WE_EXPORT_PASSPHRASE'] ?? passphrase
    const text = await store.exportKeystore(account.address, passphrase, own)
    await writeFile(args.out!, text, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      throw new StudioError('not-written', `${args.out!} could not be written; a file that is there is not replaced.`, {
        cause: error,
      })
    })
    output.event('exported', { file: args.out, address: getAddress(account.address) })
    return 0
  }
  const secret = await store.secret(account.address, passphrase)
  if (kind === 'key')
    output.line(output.json ? JSON.stringify({ event: 'key', key: secret.privateKey }) : secret.privateKey)
  else if (secret.mnemonic === undefined)
    throw new StudioError('no-words', 'This account was made from a key, so it has no words.')
  else {
    const words = wordsOf(secret.mnemonic.entropy)
    output.line(output.json ? JSON.stringify({ event: 'words', words, path: secret.mnemonic.path }) : words.join(' '))
  }
  return 0
}

/** A message (EIP-191) of one's own, or a key grant or revocation; money is signed in the app, where it is shown. */
async function sign(args: WalletArguments, { output }: CommandContext, folder: string): Promise<number> {
  const store = await open(folder)
  const account = chosen(store, args.account)
  const digest =
    args.typed === undefined
      ? hashMessage(only(args.rest, 'MESSAGE'))
      : identityDigest(await readFile(args.typed, 'utf8'), account.address)
  const { privateKey } = await store.secret(account.address, await passphraseFor(account, folder))
  const signature = new SigningKey(privateKey).sign(digest).serialized
  if (output.json) output.event('signed', { signature, signer: getAddress(account.address) })
  else output.line(signature)
  return 0
}

function identityDigest(text: string, account: string): string {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new StudioError('sign-unknown', 'Not signed: the file is no JSON.')
  }
  const intent = readTypedIntent(data, { account, networks: [] })
  return TypedDataEncoder.hash(IDENTITY_DOMAIN, { [intent.type]: [...TYPED_DATA[intent.type]] }, intent.message)
}

function signerOf(message: string, signature: string): string {
  try {
    return verifyMessage(message, signature)
  } catch {
    throw new StudioError('signature-wrong', 'This is no signature (0x and 130 digits).')
  }
}

const open = (folder: string): Promise<AccountStore> => AccountStore.open(join(folder, 'wallet'))

function chosen(store: AccountStore, address: string | undefined): AccountInfo {
  if (address !== undefined) return store.account(addressArgument(address))
  if (store.active === null)
    throw new StudioError('no-account', 'There is no account in this profile. Make one: we wallet new --name NAME')
  return store.active
}

function addressArgument(text: string): string {
  const read = readTypedAddress(text)
  if ('problem' in read) throw new StudioError('usage', read.problem)
  return read.address
}

/** Of an account without a passphrase of its own, what the device keeps. */
async function passphraseFor(account: AccountInfo, folder: string): Promise<string> {
  if (account.protection === 'device') return (await loadDeviceSecret(join(folder, 'wallet'), null)).secret
  return secretInput('WE_PASSPHRASE', `Passphrase of ${account.name}`)
}

function only(rest: string[], name: string): string {
  const [value, ...more] = rest
  if (value === undefined || more.length > 0) throw new StudioError('usage', `Give exactly one ${name}.`)
  return value
}
