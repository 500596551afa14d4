import type { CommentCard } from '@shared/community/index-cards'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { removeLater, useLeaving } from '@/app/undo-later'
import { useToasts } from '@/ui/toast-store'
import { tellRefused } from '../act-store'

const SOON_MS = 300

/** A comment on its way; what could not be said keeps its words. */
export interface Unsent {
  readonly key: number
  readonly text: string
  readonly state: 'sending' | 'failed'
}

export interface Comments {
  readonly cards: readonly CommentCard[]
  readonly unsent: readonly Unsent[]
  readonly isMore: boolean
  readonly loading: boolean
  readonly problem: string | null
  more: () => void
  say: (text: string, parent?: string) => void
  again: (unsent: Unsent) => void
  forget: (unsent: Unsent) => void
  /** In other words; false: it was refused, and said. */
  edit: (id: string, text: string) => Promise<boolean>
  /** With a moment to think better of it. */
  withdraw: (id: string) => void
}

let keys = 0

/** Comments about a subject, newest first; with `root` the answers of that thread, oldest first. */
export function useComments(subject: string, root?: string): Comments {
  const [cards, setCards] = useState<readonly CommentCard[]>([])
  const [unsent, setUnsent] = useState<readonly Unsent[]>([])
  const [next, setNext] = useState<string | null>(null)
  const [loading, setLoading] = useState(true)
  const [problem, setProblem] = useState<string | null>(null)
  const leaving = useLeaving((state) => state.leaving)
  const parents = useRef(new Map<number, string>())
  const thread = root === undefined ? {} : { root }

  const read = useCallback(
    async (after: string | null): Promise<void> => {
      try {
        const asked = { subject, ...(root === undefined ? {} : { root }), after }
        const page = await studioClient().acts.comments(asked)
        const found = new Set(page.cards.map(({ id }) => id))
        setCards((before) => {
          if (after !== null) return [...before.filter(({ id }) => !found.has(id)), ...page.cards]
          // what lies behind the first page stays as it was read
          const rest = page.next === null ? [] : before.slice(page.cards.length)
          return [...page.cards, ...rest.filter(({ id }) => !found.has(id))]
        })
        setNext((before) => (after === null && before !== null && page.next !== null ? before : page.next))
        setProblem(null)
      } catch (error) {
        setProblem(describeProblem(error).message)
      }
      setLoading(false)
    },
    [subject, root],
  )

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(() => void read(null))
    const soon = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => void read(null), SOON_MS)
    }
    const stops = [
      studioClient().community.changed(({ kinds }) => {
        if (kinds.some((kind) => kind === 'comment' || kind === 'like' || kind === 'del')) soon()
      }),
      studioClient().safety.rulesChanged(soon),
    ]
    return () => {
      clearTimeout(timer)
      stops.forEach((stop) => stop())
    }
  }, [read])

  const send = (key: number, text: string): void => {
    const parent = parents.current.get(key)
    const answered = parent === undefined ? {} : { parent }
    studioClient()
      .acts.comment({ subject, text, ...thread, ...answered })
      .then(
        async () => {
          await read(null)
          setUnsent((before) => before.filter((one) => one.key !== key))
        },
        (error: unknown) => {
          setUnsent((before) => before.map((one) => (one.key === key ? { ...one, state: 'failed' } : one)))
          tellRefused(error)
        },
      )
  }

  // the same list as long as nothing changes: it is what effects look at
  const shown = useMemo(() => cards.filter(({ id }) => !leaving.has(id)), [cards, leaving])

  return {
    ...{ cards: shown, unsent, isMore: next !== null, loading, problem },
    more: () => {
      if (next !== null) void read(next)
    },
    say: (text, parent) => {
      const key = ++keys
      if (parent !== undefined) parents.current.set(key, parent)
      setUnsent((before) => [...before, { key, text, state: 'sending' }])
      send(key, text)
    },
    again: ({ key, text }) => {
      setUnsent((before) => before.map((one) => (one.key === key ? { ...one, state: 'sending' } : one)))
      send(key, text)
    },
    forget: ({ key }) => setUnsent((before) => before.filter((one) => one.key !== key)),
    edit: async (id, text) => {
      const before = cards.find((card) => card.id === id)
      const change = async (words: string): Promise<boolean> => {
        try {
          await studioClient().acts.editComment({ id, text: words })
          await read(null)
          return true
        } catch (error) {
          tellRefused(error)
          return false
        }
      }
      if (!(await change(text))) return false
      if (before !== undefined) {
        const run = (): void => void change(before.text)
        useToasts.getState().show('info', 'Your comment is changed.', { detail: '', action: 'Undo', run })
      }
      return true
    },
    withdraw: (id) => {
      const words = { said: 'Your comment is deleted.', detail: 'Copies that others keep are not shown any more.' }
      removeLater(id, words, () => studioClient().acts.withdraw(id))
    },
  }
}
