import { atomically, type SqlDatabase } from '../sql-database'
import { EntryTable } from './entry-table'
import { openLogDatabase } from './log-database'
import { LogTable } from './log-table'

export interface TransactionEnd {
  /** What was changed is on disk. */
  committed: () => void
  /** Nothing was changed: what was remembered meanwhile is not so. */
  rolledBack: () => void
}

/** The logs on disk. It decides nothing: what it is told is checked already. */
export class LogStore {
  readonly entries: EntryTable
  readonly logs: LogTable
  readonly #database: SqlDatabase
  #seq: number

  /** Throws StudioError `log-broken` or `log-newer`. */
  constructor(
    path: string,
    private readonly end: TransactionEnd,
  ) {
    this.#database = openLogDatabase(path)
    this.entries = new EntryTable(this.#database)
    this.logs = new LogTable(this.#database)
    this.#seq = this.entries.lastSeq()
  }

  /** The place of the newest change. */
  get seq(): number {
    return this.#seq
  }

  /** A new place at the end of the order of changes. */
  nextSeq(): number {
    return ++this.#seq
  }

  /** All or nothing, and on disk when it returns. */
  transaction<T>(work: () => T): T {
    let result: T
    try {
      result = atomically(this.#database, work)
    } catch (error) {
      this.#seq = this.entries.lastSeq()
      this.end.rolledBack()
      throw error
    }
    this.end.committed()
    return result
  }

  close(): void {
    this.#database.close()
  }
}
