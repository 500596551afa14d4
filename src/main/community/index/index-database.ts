import { DatabaseSync } from '@photostructure/sqlite'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { atomically, type SqlDatabase, type SqlStatement } from '../sql-database'
import { SCHEMA, SCHEMA_VERSION } from './index-schema'

type Value = string | number | null

/** A database with its statements kept ready. Rows come back as what the query selects; callers name their shape. */
export class IndexDatabase {
  readonly #statements = new Map<string, SqlStatement>()

  constructor(private readonly driver: SqlDatabase) {}

  run(sql: string, ...values: Value[]): void {
    this.#statement(sql).run(...values)
  }

  get(sql: string, ...values: Value[]): unknown {
    return this.#statement(sql).get(...values)
  }

  all(sql: string, ...values: Value[]): unknown[] {
    return this.#statement(sql).all(...values)
  }

  /** All or nothing, also when the process is killed in between. */
  transaction(work: () => void): void {
    atomically(this.driver, work)
  }

  close(): void {
    this.#statements.clear()
    this.driver.exec('pragma wal_checkpoint(truncate)')
    this.driver.close()
  }

  #statement(sql: string): SqlStatement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) this.#statements.set(sql, (statement = this.driver.prepare(sql)))
    return statement
  }
}

/**
 * Opens the index, and makes it anew, empty, when it is of another version or broken: the log has everything. A killed
 * process leaves whole batches (WAL); after a power cut the newest may be missing, and its `position` with them.
 * @param path `:memory:` keeps it in memory
 */
export function openIndexDatabase(path: string): IndexDatabase {
  if (path === ':memory:') return prepared(path)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    const database = prepared(path)
    const found = database.get("select value from meta where key = 'version'") as { value: string } | undefined
    if (found?.value === SCHEMA_VERSION) return database
    database.close()
  } catch {
    // no database any more
  }
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  return prepared(path)
}

function prepared(path: string): IndexDatabase {
  const driver = new DatabaseSync(path, { timeout: 5_000 })
  try {
    driver.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -32000;')
    driver.exec(SCHEMA)
    driver.prepare("insert or ignore into meta values ('version', ?)").run(SCHEMA_VERSION)
  } catch (error) {
    driver.close()
    throw error
  }
  return new IndexDatabase(driver)
}
