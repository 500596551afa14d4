import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** One line from the terminal that is not shown while it is typed. */
export async function hiddenLine(label: string): Promise<string> {
  process.stderr.write(label)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await prompt.question('')
  } finally {
    prompt.close()
    process.stderr.write('\n')
  }
}
