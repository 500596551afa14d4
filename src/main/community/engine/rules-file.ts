import { readFileSync, renameSync } from 'node:fs'
import { NO_RULES, ViewerRules } from '@shared/community/viewer-rules'
import { writeBeside } from '../../platform/write-beside'

/** What this person does not want to see, in a file of its own; nobody else ever has it. */
export class RulesFile {
  #rules: ViewerRules
  #writing: Promise<void> = Promise.resolve()

  /** A broken file is put aside as `.broken`. */
  constructor(private readonly path: string) {
    this.#rules = read(path)
  }

  get value(): ViewerRules {
    return this.#rules
  }

  /** Holds at once; resolves when it is on disk. */
  set(rules: ViewerRules): Promise<void> {
    this.#rules = rules
    this.#writing = this.#writing
      .catch(() => undefined) // what failed was told to whoever asked for it
      .then(() => writeBeside(this.path, JSON.stringify(this.#rules), { mode: 0o600 }))
    return this.#writing
  }

  /** Waits for what is being written. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined)
  }
}

function read(path: string): ViewerRules {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return NO_RULES
  }
  try {
    return ViewerRules.parse(JSON.parse(text))
  } catch {
    renameSync(path, `${path}.broken`)
    return NO_RULES
  }
}
