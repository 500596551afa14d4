import type { OwnActs } from '@shared/ipc/community/acts-schema'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { useEffect } from 'react'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { openSheet } from '@/features/wallet/wallet-store'
import { useToasts } from '@/ui/toast-store'

const NOTHING: OwnActs = { like: false, repost: false, follow: false }
const AT_ONCE = 100
const GATHER_MS = 15

export type Act = keyof OwnActs

interface ActState {
  /** The account that this computer speaks for; null: none yet. Undefined until main has said. */
  me: string | null | undefined
  own: Readonly<Record<string, OwnActs>>
  /** By `<act> <subject>`: what a counter that was read before differs by while the engine has not answered. */
  shift: Readonly<Record<string, number>>
  /** `<act> <subject>` of what could not be said. */
  failed: ReadonlySet<string>
  /** `<act> <subject>`, and ids of comments, that no other computer has yet. */
  waiting: ReadonlySet<string>
}

/** What this person did, as it looks at once; the engine has the last word. */
export const useActs = create<ActState>()(() => ({
  ...{ me: undefined, own: {}, shift: {}, failed: new Set<string>(), waiting: new Set<string>() },
}))

/** What this person said about a subject; asks for it where it is not known. */
export function useOwnActs(subject: string | null): OwnActs {
  const own = useActs((state) => (subject === null ? NOTHING : state.own[subject]))
  useEffect(() => {
    if (own === undefined && subject !== null) want(subject)
  }, [own, subject])
  return own ?? NOTHING
}

/** How an act about a subject stands. */
export function useActMark(act: Act, subject: string): 'failed' | 'waiting' | null {
  return useActs(({ failed, waiting }) => {
    const key = `${act} ${subject}`
    return failed.has(key) ? 'failed' : waiting.has(key) ? 'waiting' : null
  })
}

/** A counter as it looks with what was just pressed. */
export function useShifted(act: Act, subject: string, count: number | undefined): number {
  return Math.max(0, (count ?? 0) + useActs((state) => state.shift[`${act} ${subject}`] ?? 0))
}

/**
 * Turns a like, repost or follow on or off: it shows at once, and is taken back in words when it cannot be said.
 * @param settled reads again what shows the counter
 */
export async function turnAct(
  act: Act,
  subject: string,
  on: boolean,
  settled: () => Promise<void> | void = () => undefined,
): Promise<boolean> {
  const key = `${act} ${subject}`
  const before = useActs.getState().own[subject] ?? NOTHING
  if (before[act] === on) return true
  show(key, subject, { ...before, [act]: on }, on ? 1 : -1, false)
  try {
    await studioClient().acts[act]({ subject, on })
    await settled()
    unshift(key)
    return true
  } catch (error) {
    show(key, subject, { ...(useActs.getState().own[subject] ?? NOTHING), [act]: before[act] }, 0, true)
    unshift(key)
    tellRefused(error)
    return false
  }
}

/** The same, and a moment to think better of it. */
export async function turnUndoable(act: Act, subject: string, on: boolean, said: string, detail = ''): Promise<void> {
  if (!(await turnAct(act, subject, on))) return
  useToasts.getState().show('info', said, {
    ...{ detail, action: 'Undo', run: () => void turnAct(act, subject, !on) },
  })
}

/** What a refused act says; without an account it says how to get one. */
export function tellRefused(error: unknown): void {
  if (describeProblem(error).code !== 'no-account') {
    tellProblem(error)
    return
  }
  useToasts.getState().show('problem', 'For this you need an account.', {
    ...{ detail: 'It is made on this computer and takes a moment.', action: 'Make account' },
    run: () => openSheet('create'),
  })
}

/** Follows the community. Returns how to stop. */
export function followActs(client: StudioClient): () => void {
  const take = ({ me }: { me: string | null }): void => {
    if (useActs.getState().me !== me) useActs.setState({ me, own: {} })
  }
  const mark = ({ named }: { named: readonly string[] }): void => useActs.setState({ waiting: new Set(named) })
  const stops = [
    client.community.stateChanged(take),
    client.acts.waitingChanged(mark),
    client.community.changed(({ kinds, accounts }) => {
      const { me } = useActs.getState()
      // another device of this person, or what another page did
      const isOwn = typeof me === 'string' && accounts.includes(me)
      if (isOwn && kinds.some((kind) => ['like', 'repost', 'follow', 'del'].includes(kind))) {
        for (const subject of Object.keys(useActs.getState().own)) want(subject)
      }
    }),
  ]
  client.community.getState().then(take, () => useActs.setState({ me: null }))
  client.acts.getWaiting().then(mark, () => undefined) // told again with the next act
  return () => stops.forEach((stop) => stop())
}

function show(key: string, subject: string, acts: OwnActs, shift: number, isFailed: boolean): void {
  useActs.setState(({ own, shift: shifts, failed }) => {
    const others = new Set(failed)
    if (isFailed) others.add(key)
    else others.delete(key)
    return { own: { ...own, [subject]: acts }, shift: { ...shifts, [key]: shift }, failed: others }
  })
}

function unshift(key: string): void {
  useActs.setState(({ shift }) => {
    return { shift: Object.fromEntries(Object.entries(shift).filter(([name]) => name !== key)) }
  })
}

const wanted = new Set<string>()
let timer: ReturnType<typeof setTimeout> | undefined

function want(subject: string): void {
  wanted.add(subject)
  timer ??= setTimeout(() => void ask(), GATHER_MS)
}

async function ask(): Promise<void> {
  timer = undefined
  const subjects = [...wanted].slice(0, AT_ONCE)
  for (const subject of subjects) wanted.delete(subject)
  if (wanted.size > 0) want([...wanted][0]!)
  try {
    const found = await studioClient().acts.own(subjects)
    const { shift } = useActs.getState()
    const isPressed = (subject: string): boolean =>
      (['like', 'repost', 'follow'] as const).some((act) => `${act} ${subject}` in shift)
    const settled = Object.entries(found).filter(([subject]) => !isPressed(subject))
    useActs.setState(({ own }) => ({ own: { ...own, ...Object.fromEntries(settled) } }))
  } catch {
    // the community part is starting: asked for again when something changes
  }
}
