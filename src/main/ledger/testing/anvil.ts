import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HDNodeWallet, JsonRpcProvider } from 'ethers'

/** The package is for Linux x64 only; elsewhere its tests are skipped, loudly. */
const BINARY = join(import.meta.dirname, '../../../../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil')

/** anvil's own words; its accounts hold 10,000 coins each. */
const MNEMONIC = 'test test test test test test test test test test test junk'

/** Whether tests against anvil can run. In CI they must. */
export function hasAnvil(): boolean {
  if (existsSync(BINARY)) return true
  if (process.env['CI'] !== undefined) throw new Error(`anvil is missing: ${BINARY}`)
  console.warn('SKIPPED: anvil is not installed here, so nothing is tested against an independent node.')
  return false
}

/** A real, independent Ethereum node on loopback. */
export class Anvil {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(args: string[] = []): Promise<Anvil> {
    const child = spawn(BINARY, ['--port', '0', '--mnemonic', MNEMONIC, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += said.length > 10_000 ? '' : chunk.toString()
        const found = /Listening on (\S+)/.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('exit', () => reject(new Error(`anvil did not start: ${said}`)))
    })
    return new Anvil(child, `http://${address}`)
  }

  /** A connection for the test's own doings; close it with `provider.destroy()`. */
  provider(): JsonRpcProvider {
    return new JsonRpcProvider(this.url, undefined, { pollingInterval: 50, batchMaxCount: 1, cacheTimeout: -1 })
  }

  async rpc(method: string, ...params: unknown[]): Promise<unknown> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    this.child.kill('SIGKILL')
    await once(this.child, 'exit')
  }
}

/** One of anvil's rich accounts. */
export function anvilAccount(index: number): HDNodeWallet {
  return HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`)
}
