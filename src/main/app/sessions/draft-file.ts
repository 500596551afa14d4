import { readFileSync, renameSync } from 'node:fs'
import { z } from 'zod'
import { KeptDraft, MOST_DRAFTS } from '@shared/publishing/video-draft'
import { writeBeside } from '../../platform/write-beside'

const DraftsFile = z.strictObject({ v: z.literal(1), drafts: z.array(KeptDraft).max(MOST_DRAFTS) })

/** Drafts of videos over a restart, one JSON file; a broken one is put aside as `.broken`. */
export class DraftFile {
  #writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly path: string,
    private readonly log: (line: string) => void,
  ) {}

  read(): KeptDraft[] {
    let text: string
    try {
      text = readFileSync(this.path, 'utf8')
    } catch {
      return []
    }
    try {
      return DraftsFile.parse(JSON.parse(text)).drafts
    } catch {
      renameSync(this.path, `${this.path}.broken`)
      this.log(`${this.path} cannot be read: the drafts of before are put aside.`)
      return []
    }
  }

  /** Resolves when they are on the disk. */
  write(drafts: KeptDraft[]): Promise<void> {
    const text = JSON.stringify({ v: 1, drafts } satisfies z.input<typeof DraftsFile>)
    this.#writing = this.#writing
      .then(() => writeBeside(this.path, `${text}\n`, { mode: 0o600 }))
      .catch((error: unknown) => this.log(`Drafts could not be kept: ${String(error)}`))
    return this.#writing
  }

  settled(): Promise<void> {
    return this.#writing
  }
}
