import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Runs a program of Node, kills it with SIGKILL `afterMs` after it said `word`, and returns all that it said. */
export async function killedRun(args: readonly string[], word: string, afterMs: number): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let text = ''
  let isDue = false
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (isDue || !text.includes(word)) return
    isDue = true
    void sleep(afterMs).then(() => child.kill('SIGKILL'))
  })
  const code = await exited
  if (code !== null) throw new Error(`The program ended by itself with ${code}: ${text}`)
  return text
}
