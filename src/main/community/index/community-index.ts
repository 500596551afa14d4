import type { AcceptedEntry } from '@shared/community/accepted-entry'
import type { BodyOf, EntryKind } from '@shared/community/body-schema'
import { Facts, type Fact } from './facts'
import { refreshHeat } from './heat'
import { openIndexDatabase, type IndexDatabase } from './index-database'
import { isIndexed, slotFromKey, slotOf, type Slot } from './slot-of'
import { Tallies } from './tallies'

interface Stored {
  seq: number
  id: string
  device: string
  account: string
  n: number
  t: number
  kind: EntryKind
  body: string | null
  expires: number | null
  applied: number
}

/**
 * What the log says, arranged for reading: who is who, what there is, who thinks what of it. It can be thrown away and built
 * again from the log. Entries may come in any order and more than once: [Note: Slots]. One process writes.
 */
export class CommunityIndex {
  readonly db: IndexDatabase
  readonly tallies: Tallies
  readonly #facts: Facts

  /** @param path `:memory:` keeps it in memory */
  constructor(path: string) {
    this.db = openIndexDatabase(path)
    this.tallies = new Tallies(this.db)
    this.#facts = new Facts(this.db)
  }

  /** What the last batch was said to reach to; null: nothing is in yet, the whole log is to be read. */
  get position(): string | null {
    return this.#meta('position')
  }

  /**
   * Takes a batch, all or nothing. A withdrawn body is no longer kept.
   * @param more `position`: how far in the log this reaches, kept with the batch; `removed`: ids of entries that count no
   *   more, whether they came or not
   */
  apply(entries: readonly AcceptedEntry[], more: { position?: string; removed?: readonly string[] } = {}): void {
    this.#settle((slots) => {
      for (const entry of entries) this.#take(entry, slots)
      for (const id of more.removed ?? []) {
        this.db.run('insert or ignore into removed values (?)', id)
        const found = this.db.get('select slot from entry where id = ?', id) as { slot: string } | undefined
        if (found !== undefined) slots.add(found.slot)
      }
      if (more.position !== undefined) this.#setMeta('position', more.position)
    })
  }

  /** A device forked or was lost: nothing that it wrote from number `fromN` on holds. The lowest number named counts. */
  freeze(device: string, fromN: number): void {
    this.#settle((slots) => {
      const sql = 'insert into frozen values (?, ?) on conflict do update set from_n = min(from_n, excluded.from_n)'
      this.db.run(sql, device, fromN)
      const rows = this.db.all('select slot from entry where device = ? and n >= ?', device, fromN)
      for (const { slot } of rows as { slot: string }[]) slots.add(slot)
    })
  }

  /** Drops what has run out by `now` (Unix ms) and forgets its bodies. */
  expire(now: number): void {
    this.#settle((slots) => {
      const clock = Math.max(now, Number(this.#meta('clock') ?? 0))
      this.#setMeta('clock', String(clock))
      const rows = this.db.all('select slot from entry where expires <= ? and body is not null', clock)
      for (const { slot } of rows as { slot: string }[]) slots.add(slot)
    })
  }

  close(): void {
    this.db.close()
  }

  #settle(work: (slots: Set<string>) => void): void {
    this.#facts.touched.clear()
    this.db.transaction(() => {
      const slots = new Set<string>()
      work(slots)
      for (const key of slots) this.#decide(slotFromKey(key))
      for (const subject of this.#facts.touched) refreshHeat(this.db, this.tallies, subject)
    })
  }

  #take(entry: AcceptedEntry, slots: Set<string>): void {
    const { id, device, account, n, t, kind, body, expires } = entry
    // a header alone says nothing here; its body may still come, or was withdrawn, which the `del` tells
    if (!isIndexed(kind) || body === null || body === undefined) return
    const slot = slotOf({ id, account, kind, body })
    const known = this.db.get('select 1 from entry where id = ?', id)
    if (known !== undefined) return
    this.db.run(
      `insert into entry (id, device, account, n, t, kind, slot, body, expires) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, device, account, n, t, kind, slot.key, JSON.stringify(body), expires ?? null],
    )
    slots.add(slot.key)
    if (kind === 'del') this.#withdraw(entry, slots)
  }

  /** Of a frozen device's withdrawals those that came before the freeze stay done: their bodies are gone everywhere. */
  #withdraw({ device, n, account, body }: AcceptedEntry, slots: Set<string>): void {
    if (this.#isFrozen(device, n)) return
    const { s } = body as BodyOf<'del'>
    this.db.run('insert or ignore into withdrawal values (?, ?)', s, account)
    const target = this.db.get('select slot from entry where id = ? and account = ?', s, account)
    if (target !== undefined) slots.add((target as { slot: string }).slot)
  }

  #decide(slot: Slot): void {
    const stored = this.db.all(
      'select * from entry where slot = ? order by t, n, device',
      slot.key,
    ) as unknown as Stored[]
    const gone = stored.filter((one) => this.#isGone(one))
    const inForce = stored.filter((one) => one.body !== null && !gone.includes(one) && !this.#isRefused(one))
    const root = stored.find(({ id }) => id === slot.root)
    const usable = slot.rule !== 'version' || (root !== undefined && inForce.includes(root))
    const [first, last] = [inForce[0], inForce.at(-1)]
    const winner = !usable ? undefined : slot.rule === 'first' ? first : last
    const applied = stored.find((one) => one.applied === 1)
    if (applied?.id !== winner?.id) {
      if (applied !== undefined) {
        this.#facts.takeBack(factOf(applied, root))
        this.db.run('update entry set applied = 0 where seq = ?', applied.seq)
      }
      if (winner !== undefined) {
        this.#facts.put(factOf(winner, root))
        this.db.run('update entry set applied = 1 where seq = ?', winner.seq)
      }
    }
    for (const { seq, body } of gone) if (body !== null) this.db.run('update entry set body = null where seq = ?', seq)
  }

  /** A `del` cannot be withdrawn itself: what it took is gone. */
  #isGone({ id, account, kind, expires }: Stored): boolean {
    if (expires !== null && expires <= Number(this.#meta('clock') ?? 0)) return true
    if (kind === 'del') return false
    return this.db.get('select 1 from withdrawal where target = ? and account = ?', id, account) !== undefined
  }

  #isRefused({ id, device, n }: Stored): boolean {
    return this.#isFrozen(device, n) || this.db.get('select 1 from removed where id = ?', id) !== undefined
  }

  #isFrozen(device: string, n: number): boolean {
    const row = this.db.get('select from_n from frozen where device = ?', device) as { from_n: number } | undefined
    return row !== undefined && n >= row.from_n
  }

  #meta(key: string): string | null {
    return (this.db.get('select value from meta where key = ?', key) as { value: string } | undefined)?.value ?? null
  }

  #setMeta(key: string, value: string): void {
    this.db.run('insert or replace into meta values (?, ?)', key, value)
  }
}

function factOf(entry: Stored, root: Stored | undefined): Fact {
  const { account, kind, seq } = entry
  const { id, t } = root ?? entry
  return { id, t, account, kind, seq, body: JSON.parse(entry.body!), edited: id !== entry.id }
}
