import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { BodySchemas } from '@shared/community/body-schemas'
import type { LogChanges } from '@shared/community/log-changes'
import { CommunityLog, type CommunityLogOptions } from '../log/community-log'
import { TestDevice } from './test-device'

const SCHEMAS = new Map<string, z.ZodType>(
  Object.entries({
    comment: z.strictObject({ s: z.string(), text: z.string(), lang: z.string(), facets: z.array(z.unknown()) }),
    profile: z.strictObject({ name: z.string() }),
    live: z.strictObject({ title: z.string() }),
  }),
)
export const testSchemas: BodySchemas = (kind) => SCHEMAS.get(kind)

/** A log in a folder of its own, and what it has told. */
export class TempLog {
  readonly folder = mkdtempSync(join(tmpdir(), 'we-log-'))
  readonly told: LogChanges[] = []
  readonly log: CommunityLog
  now = 1_800_000_000_000

  constructor(options: Partial<CommunityLogOptions> = {}) {
    this.log = new CommunityLog({
      ...{ path: join(this.folder, 'log.sqlite'), key: new TestDevice(), schemas: testSchemas, now: () => this.now },
      ...options,
    })
    this.log.onChanges((changes) => this.told.push(changes))
  }

  /** Texts of the comments that were told of, in the order of telling. */
  get texts(): unknown[] {
    const entries = this.told.flatMap((changes) => changes.entries).filter(({ kind }) => kind === 'comment')
    return entries.map(({ body }) => (body === null ? null : (body as { text: string }).text))
  }

  get removed(): string[] {
    return this.told.flatMap((changes) => changes.removed)
  }

  remove(): void {
    this.log.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
