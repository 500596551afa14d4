import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const binary = fileURLToPath(new URL('../../../../node_modules/@foundry-rs/cast-linux-amd64/bin/cast', import.meta.url))

/** Foundry's command, an implementation of its own (Rust); npm has it for Linux x64. */
export const castMissing = existsSync(binary)
  ? null
  : 'Foundry’s cast is not installed (optional package @foundry-rs/cast-linux-amd64).'
if (castMissing !== null) console.warn(`NOT CHECKED against an independent wallet: ${castMissing}`)

/** Its standard output, trimmed. Test keys only: what is given is seen by other users of this computer. */
export async function cast(...args: string[]): Promise<string> {
  const { stdout } = await run(binary, args, { env: { HOME: '/nonexistent' } })
  return stdout.trim()
}
