import type { EntryKind, LedgerEntry, Party } from '@shared/ledger/ledger-entry'
import { MAX_COUNT, type LedgerFilter, type LedgerPage } from '@shared/ledger/ledger-query'
import { openDatabase, type Database } from './index-database'
import type { EntryRow } from './read-log'

const PLACES = 2 ** 20
/** Parties that a row of a list names. */
const SHOWN_PARTIES = 6
/** Roles in which an entry belongs to somebody's channel. */
const CHANNEL = 'creator'

/** A block that has entries. */
export interface BlockRow {
  number: number
  hash: string
  /** Unix seconds. */
  time: number
  /** Who sealed it, where that is known. */
  authority: string | null
}

/** How far the index is, and what it was built against. */
export interface IndexPosition {
  /** The newest block whose entries are in it; -1: none. */
  block: number
  hash: string
  /** The newest block that the network calls final. */
  finalBlock: number
  finalHash: string
}

export const NO_POSITION: IndexPosition = { block: -1, hash: '', finalBlock: -1, finalHash: '' }

/** A filter whose content is a digest already. */
export type IndexFilter = LedgerFilter

/** The entries of one network, on disk, found by person, channel, content, kind and time. Several processes may read. */
export class LedgerIndex {
  readonly #database: Database

  /** `chain` names what the index is of, contracts included; another one makes it anew. */
  constructor(path: string, chain: string) {
    this.#database = openDatabase(path, chain)
  }

  get position(): IndexPosition {
    const row = this.#database.prepare("select value from meta where key = 'position'").get() as
      { value: string } | undefined
    return row === undefined ? NO_POSITION : (JSON.parse(row.value) as IndexPosition)
  }

  /** How many entries there are, exactly. */
  get size(): number {
    return (this.#database.prepare('select count(*) as n from entry').get() as { n: number }).n
  }

  /** Puts the entries of the blocks `from` to `position.block` in the place of what was there, all or nothing. */
  replace(from: number, blocks: readonly BlockRow[], rows: readonly EntryRow[], position: IndexPosition): void {
    const database = this.#database
    database.exec('begin immediate')
    try {
      this.#drop(from)
      const addBlock = database.prepare('insert into block values (?, ?, ?, ?)')
      for (const { number, hash, time, authority } of blocks) addBlock.run(number, hash, time, authority)
      const addEntry = database.prepare('insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      const addMark = database.prepare('insert or ignore into mark values (?, ?, ?, ?, ?)')
      const whole = wholeTransactions(rows)
      for (const row of rows) {
        const seq = row.block * PLACES + row.index
        const part = isPart(row.kind) && whole.has(row.transaction) ? 1 : 0
        addEntry.run(
          ...[seq, row.kind, part, row.event, row.contract, row.transaction, row.amountWei?.toString() ?? null],
          ...[JSON.stringify(row.parties), row.content.join(' '), JSON.stringify(row.fields), row.failed ? 1 : 0],
        )
        // a creator first: the mark of an address that is several things must say so
        const byRole = [...row.parties].sort((a, b) => Number(b.role === CHANNEL) - Number(a.role === CHANNEL))
        for (const { role, address } of byRole) addMark.run(address, seq, role === CHANNEL ? 1 : 0, row.kind, part)
        for (const id of row.content) addMark.run(id, seq, 0, row.kind, part)
      }
      this.#keep(position)
      database.exec('commit')
    } catch (error) {
      database.exec('rollback')
      throw error
    }
  }

  /** Nothing has changed but what is final. */
  keepPosition(position: IndexPosition): void {
    this.#keep(position)
  }

  /** Forgets everything: the ledger is another one than it was. */
  clear(): void {
    this.replace(0, [], [], NO_POSITION)
  }

  /** A page of entries, newest first. `after` is what the page before called `next`. */
  page(filter: IndexFilter, after: string | null, limit: number): LedgerPage {
    const top = after === null ? Number.MAX_SAFE_INTEGER : Number(after) - 1
    const seqs = this.#find(filter, top, limit + 1)
    const shown = seqs.slice(0, limit)
    return {
      entries: this.#entries(shown),
      next: seqs.length > limit ? String(shown.at(-1)) : null,
      total: this.count(filter),
    }
  }

  /** How many match, at most `MAX_COUNT` unless more is asked for. */
  count(filter: IndexFilter, most = MAX_COUNT): number {
    const { sql, values } = this.#select(filter, Number.MAX_SAFE_INTEGER, most, false)
    const counted = this.#database.prepare(`select count(*) as n from (${sql})`).get(...values) as { n: number }
    return Math.min(counted.n, most)
  }

  /** All that match, newest first, with their blocks; what comes meanwhile is left out. */
  *all(filter: IndexFilter): Generator<{ entry: LedgerEntry; block: BlockRow }> {
    const find = this.#database.prepare('select * from block where number = ?')
    let top = Number.MAX_SAFE_INTEGER
    for (;;) {
      const seqs = this.#find(filter, top, 500)
      for (const entry of this.#entries(seqs)) yield { entry, block: find.get(entry.block) as BlockRow }
      if (seqs.length < 500) return
      top = seqs.at(-1)! - 1
    }
  }

  /** Null when there is none of that id (any more). */
  get(id: string): { entry: LedgerEntry; block: BlockRow; parties: Party[]; others: LedgerEntry[] } | null {
    const [block = 0, place = 0] = id.split('-').map(Number)
    const seq = block * PLACES + place
    const [entry] = this.#entries([seq])
    if (entry === undefined) return null
    const others = this.#database
      .prepare('select seq from entry where tx = ? and seq <> ? order by seq limit 100')
      .all(entry.transaction, seq) as { seq: number }[]
    const { parties } = this.#database.prepare('select parties from entry where seq = ?').get(seq) as {
      parties: string
    }
    return {
      entry,
      block: this.#database.prepare('select * from block where number = ?').get(block) as BlockRow,
      parties: JSON.parse(parties) as Party[],
      others: this.#entries(others.map((other) => other.seq)),
    }
  }

  close(): void {
    this.#database.close()
  }

  #drop(from: number): void {
    const first = from * PLACES
    const old = this.#database.prepare('select parties, content, seq from entry where seq >= ?').all(first) as {
      parties: string
      content: string
      seq: number
    }[]
    const dropMark = this.#database.prepare('delete from mark where value = ? and seq = ?')
    for (const { parties, content, seq } of old) {
      for (const { address } of JSON.parse(parties) as Party[]) dropMark.run(address, seq)
      for (const id of content.split(' ')) dropMark.run(id, seq)
    }
    this.#database.prepare('delete from entry where seq >= ?').run(first)
    this.#database.prepare('delete from block where number >= ?').run(from)
  }

  #keep(position: IndexPosition): void {
    this.#database.prepare("insert or replace into meta values ('position', ?)").run(JSON.stringify(position))
  }

  #find(filter: IndexFilter, top: number, limit: number): number[] {
    const { sql, values } = this.#select(filter, top, limit, true)
    return (this.#database.prepare(sql).all(...values) as { seq: number }[]).map(({ seq }) => seq)
  }

  /**
   * The rarest of what is named leads; the others are looked up for each of its entries. Each kind is walked along an
   * index of its own, so that nothing is ever sorted but a page of each.
   */
  #select(filter: IndexFilter, top: number, limit: number, ordered: boolean): { sql: string; values: unknown[] } {
    const named = [filter.content, filter.channel, filter.person].filter((name) => name !== null)
    const lead = named.length > 1 ? this.#rarest(named) : named[0]
    const table = lead === undefined ? 'entry' : 'mark'
    const tests: string[] = ['seq between ? and ?']
    const values: unknown[] = [this.#seqOf(filter.since, 0), Math.min(top, this.#seqOf(filter.until, 2 ** 53) - 1)]
    if (lead !== undefined) {
      tests.push('value = ?')
      values.push(lead)
      if (lead === filter.channel) tests.push('channel = 1')
    }
    for (const name of named) {
      if (name === lead) continue
      const more = name === filter.channel ? ' and other.channel = 1' : ''
      tests.push(`exists (select 1 from mark as other where other.value = ? and other.seq = ${table}.seq${more})`)
      values.push(name)
    }
    // who asks for transfers wants them all; other kinds are never a part
    if (!filter.parts && filter.kinds.length === 0) tests.push('part = 0')
    const order = ordered ? ' order by seq desc' : ''
    const one = (more: string): string =>
      `select seq from ${table} where ${[...tests, more].filter((test) => test !== '').join(' and ')}${order} limit ?`
    if (filter.kinds.length === 0) return { sql: one(''), values: [...values, limit] }
    const all = filter.kinds.map(() => `select * from (${one('kind = ?')})`).join(' union all ')
    const kindValues = filter.kinds.flatMap((kind) => [...values, kind, limit])
    return { sql: `select seq from (${all})${order} limit ?`, values: [...kindValues, limit] }
  }

  #rarest(names: readonly string[]): string {
    const count = this.#database.prepare('select count(*) as n from (select 1 from mark where value = ? limit 5000)')
    const counted = names.map((name) => ({ name, n: (count.get(name) as { n: number }).n }))
    return counted.reduce((best, one) => (one.n < best.n ? one : best)).name
  }

  /** The first place at or after a time. */
  #seqOf(time: number | null, otherwise: number): number {
    if (time === null) return otherwise
    const found = this.#database.prepare('select min(number) as n from block where time >= ?').get(time) as {
      n: number | null
    }
    return found.n === null ? 2 ** 53 - 1 : found.n * PLACES
  }

  #entries(seqs: readonly number[]): LedgerEntry[] {
    const { finalBlock } = this.position
    const find = this.#database.prepare(
      `select entry.*, block.time from entry join block on block.number = entry.seq / ${PLACES} where seq = ?`,
    )
    return seqs.flatMap((seq) => {
      const row = find.get(seq) as StoredEntry | undefined
      return row === undefined ? [] : [asEntry(row, finalBlock)]
    })
  }
}

interface StoredEntry {
  seq: number
  kind: EntryKind
  event: string
  contract: string
  tx: string
  amount: string | null
  parties: string
  content: string
  fields: string
  failed: number
  time: number
}

function asEntry(row: StoredEntry, finalBlock: number): LedgerEntry {
  const block = Math.floor(row.seq / PLACES)
  const parties = JSON.parse(row.parties) as Party[]
  return {
    ...{ id: `${block}-${row.seq % PLACES}`, block, time: row.time, transaction: row.tx },
    ...{ kind: row.kind, event: row.event, contract: row.contract },
    amountWei: row.amount === null ? null : BigInt(row.amount),
    parties: parties.slice(0, SHOWN_PARTIES),
    partyCount: parties.length,
    content: row.content === '' ? [] : row.content.split(' '),
    fields: JSON.parse(row.fields) as Record<string, string>,
    failed: row.failed === 1,
    settled: block <= finalBlock,
  }
}

function isPart(kind: EntryKind): boolean {
  return kind === 'transfer' || kind === 'approval'
}

/** Transactions of which something is more than a part. */
function wholeTransactions(rows: readonly EntryRow[]): Set<string> {
  return new Set(rows.filter(({ kind }) => !isPart(kind)).map(({ transaction }) => transaction))
}
