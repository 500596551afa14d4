import type { HistoryLine } from '@shared/community/direct-conversation'
import { create } from 'zustand'
import { describeProblem } from '@/app/studio-client'
import { messagesPort, type ConversationCard } from './messages-port'

const PAGE = 60
/** A text that is looked for is loaded with everything after it, up to this many. */
const MOST_LOADED = 3_000
const WAIT_MS = 20

interface Thread {
  conversation: string | null
  /** Oldest first. */
  lines: readonly HistoryLine[]
  /** Nothing older is there. */
  isWhole: boolean
  isLoading: boolean
  problem: string | null
  /** First text that was unread when the conversation was opened. */
  firstNew: string | null
  /** A text to be brought into view; `at` makes it another wish each time. */
  sought: { id: string; at: number } | null
}

const NONE: Thread = {
  ...{ conversation: null, lines: [], isWhole: false, isLoading: false, problem: null, firstNew: null, sought: null },
}

/** What was said in the conversation in front. */
export const useThread = create<Thread>()(() => NONE)

export function closeThread(): void {
  useThread.setState(NONE)
}

export function openThread({ id, unread }: ConversationCard): void {
  useThread.setState({ ...NONE, conversation: id })
  void load(id, null, Math.min(500, PAGE + unread)).then(() => {
    const { conversation, lines } = useThread.getState()
    if (conversation !== id || unread === 0) return
    const others = lines.filter(({ isMine }) => !isMine)
    useThread.setState({ firstNew: others.at(-unread)?.id ?? others[0]?.id ?? null })
  })
}

/** Reads what is before the oldest that is shown. */
export async function loadOlder(): Promise<void> {
  const { conversation, lines, isWhole, isLoading } = useThread.getState()
  if (conversation === null || isWhole || isLoading || lines.length === 0) return
  await load(conversation, lines[0]!.id, PAGE)
}

/** Reads the newest anew: texts and how far they have come. */
export function refreshThread(conversation: string): void {
  const { lines } = useThread.getState()
  if (useThread.getState().conversation === conversation) void load(conversation, null, Math.min(200, Math.max(PAGE, lines.length)))
}

/** Brings a text into view, and loads what is between it and now. */
export async function seek(id: string): Promise<void> {
  const { conversation } = useThread.getState()
  const isThere = () => useThread.getState().lines.some((line) => line.id === id)
  while (!isThere()) {
    const { conversation: now, isWhole, isLoading, problem, lines } = useThread.getState()
    if (now !== conversation || isWhole || problem !== null || lines.length > MOST_LOADED) return
    if (isLoading) await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
    else await loadOlder()
  }
  useThread.setState({ sought: { id, at: Date.now() } })
}

async function load(conversation: string, before: string | null, limit: number): Promise<void> {
  const isFirst = useThread.getState().lines.length === 0
  if (before !== null || isFirst) useThread.setState({ isLoading: true })
  const isStill = () => useThread.getState().conversation === conversation
  try {
    const found = await messagesPort().history({ conversation, before, limit })
    if (!isStill()) return
    const { lines, isWhole } = useThread.getState()
    const got = [...found].reverse()
    const ids = new Set(got.map(({ id }) => id))
    // What was shown and is not in a page that holds the newest is older than the page, or has been removed.
    const rest = lines.filter(({ id, at }) => !ids.has(id) && (before !== null || at <= (got[0]?.at ?? 0)))
    useThread.setState({
      lines: before === null ? [...rest, ...got] : [...got, ...rest],
      isWhole: isWhole || found.length < limit,
      ...(before !== null || isFirst ? { isLoading: false } : {}),
      problem: null,
    })
  } catch (error) {
    if (isStill()) useThread.setState({ isLoading: false, problem: describeProblem(error).message })
  }
}
