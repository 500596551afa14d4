import type { PersonCard } from '@shared/community/index-cards'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { useEffect } from 'react'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'

/** As many accounts as one call takes. */
const AT_ONCE = 200
/** What a page asks for while it draws goes out together. */
const GATHER_MS = 15
/** Beyond this the longest known are forgotten; whoever is on screen is asked for again. */
const MOST_KNOWN = 3_000

interface People {
  /** Null: asked for, and nobody here knows more than the address. Missing: not asked for yet. */
  cards: ReadonlyMap<string, PersonCard | null>
}

/** Who somebody is, for a line in a list. */
export interface Person {
  readonly account: string
  /** What the account calls itself, or a short form of its address. */
  readonly name: string
  /** As `name`, undefined where there is none: for `Avatar`. */
  readonly ownName: string | undefined
  /** CID of the picture. */
  readonly avatar: string | undefined
  readonly card: PersonCard | null
}

export const usePeople = create<People>()(() => ({ cards: new Map() }))

/** Name and picture of an account (`0x...`); the address until more is known, and again when it changes. */
export function usePerson(account: string): Person {
  const card = usePeople((state) => state.cards.get(account))
  useEffect(() => {
    if (card === undefined) want(account)
  }, [account, card])
  return personOf(account, card ?? null)
}

/** What is known of an account now, outside components; asks for it when nothing is. */
export function knownPerson(account: string): Person {
  const card = usePeople.getState().cards.get(account)
  if (card === undefined) want(account)
  return personOf(account, card ?? null)
}

/** `0x1234…cdef` */
export function shortAccount(account: string): string {
  return `${account.slice(0, 6)}…${account.slice(-4)}`
}

function personOf(account: string, card: PersonCard | null): Person {
  const ownName = card?.body.name
  return { account, name: ownName ?? shortAccount(account), ownName, avatar: card?.body.avatar, card }
}

const wanted = new Set<string>()
let timer: ReturnType<typeof setTimeout> | undefined

function want(account: string): void {
  wanted.add(account)
  timer ??= setTimeout(() => {
    timer = undefined
    void ask()
  }, GATHER_MS)
}

async function ask(): Promise<void> {
  const accounts = [...wanted].slice(0, AT_ONCE)
  for (const account of accounts) wanted.delete(account)
  if (wanted.size > 0) want([...wanted][0]!)
  try {
    const found = await studioClient().channels.people(accounts)
    keep(
      new Map([
        ...accounts.map((account) => [account, null] as const),
        ...found.map((card) => [card.account, card] as const),
      ]),
    )
  } catch {
    // the community part is starting, or there is none of these: addresses do until the next change
    keep(new Map(accounts.map((account) => [account, null])))
  }
}

function keep(found: ReadonlyMap<string, PersonCard | null>): void {
  const cards = new Map([...usePeople.getState().cards, ...found])
  for (const account of cards.keys()) {
    if (cards.size <= MOST_KNOWN) break
    cards.delete(account)
  }
  usePeople.setState({ cards })
}

/** Follows the community: who has changed is asked for again where a page shows them. */
export function startPeople(client: StudioClient): void {
  const refresh = (which: (account: string) => boolean): void => {
    for (const account of usePeople.getState().cards.keys()) if (which(account)) want(account)
  }
  client.community.changed(({ kinds, accounts }) => {
    if (!kinds.includes('profile') && !kinds.includes('del')) return
    const changed = new Set(accounts)
    refresh((account) => changed.has(account))
  })
  client.community.stateChanged(() => refresh(() => true))
  client.safety.rulesChanged(() => refresh(() => true))
}
