import type { AcceptedEntry } from '@shared/community/accepted-entry'
import type { BodyOf, EntryKind } from '@shared/community/body-schema'
import { seeded } from '../../platform/testing/seeded'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

export function shuffled<T>(list: readonly T[], chance: () => number): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1))
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}

export const account = (n: number): string => `0x${n.toString(16).padStart(40, '0')}`
export const device = (n: number): string => n.toString(16).padStart(64, '0')

/** Ids as spread out as real ones, since rows are made of them. */
export function entryId(n: number): string {
  const chance = seeded(n + 1)
  let id = 'bafyrei'
  for (let i = 0; i < 52; i++) id += LETTERS.charAt(Math.floor(chance() * 32))
  return id
}

/** Writes entries as if people had, one after another, with numbers in each device's log. */
export class CommunityScript {
  readonly entries: AcceptedEntry[] = []
  readonly #next = new Map<string, number>()

  /** Unix ms of the next entry; each one is a minute later unless this is set. */
  constructor(public now = Date.UTC(2026, 9, 1)) {}

  write<K extends EntryKind>(
    who: number,
    kind: K,
    body: BodyOf<K>,
    more: { device?: number; expires?: number } = {},
  ): string {
    const log = device(more.device ?? who)
    const n = this.#next.get(log) ?? 0
    this.#next.set(log, n + 1)
    const id = entryId(this.entries.length)
    const expires = more.expires === undefined ? {} : { expires: more.expires }
    this.entries.push({ id, device: log, account: account(who), n, t: this.now, kind, body, ...expires })
    this.now += 60_000
    return id
  }

  video(who: number, title: string, more: Partial<BodyOf<'video'>> = {}, where: { device?: number } = {}): string {
    const channel = `chan:${account(who)}/main`
    const variant = {
      cid: `bafk${'a'.repeat(55)}`,
      codec: 'avc1.64001f',
      w: 1280,
      h: 720,
      br: 2_000_000,
      size: 9_000_000,
    }
    return this.write(
      ...([who, 'video'] as const),
      {
        ...{ channel, title, desc: '', category: 'life', tags: [], dur: 60_000, w: 1280, h: 720, variants: [variant] },
        ...{ captions: [], warn: [], licence: 'CC-BY-4.0' },
        ...more,
      },
      where,
    )
  }

  comment(who: number, s: string, text: string, more: Partial<BodyOf<'comment'>> = {}): string {
    return this.write(who, 'comment', { s, text, facets: [], ...more })
  }

  like(who: number, s: string): string {
    return this.write(who, 'like', { s })
  }

  withdraw(who: number, s: string): string {
    return this.write(who, 'del', { s })
  }
}
