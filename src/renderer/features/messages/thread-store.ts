import type { ConversationView, MessageLine, MessagePage } from '@shared/community/message-views'
import { create } from 'zustand'
import { usePage } from '@/app/page-store'
import { describeProblem, studioClient } from '@/app/studio-client'

const PAGE = 60
/** As many as one call gives. */
const MOST_AT_ONCE = 200
/** A text that is looked for is loaded with everything after it, up to this many. */
const MOST_LOADED = 3_000
const WAIT_MS = 20

interface Thread {
  conversation: string | null
  /** Oldest first. */
  lines: readonly MessageLine[]
  reads: MessagePage['reads']
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
  ...{ conversation: null, lines: [], reads: [], isWhole: false, isLoading: false },
  ...{ problem: null, firstNew: null, sought: null },
}

/** What was said in the conversation in front. */
export const useThread = create<Thread>()(() => NONE)

export function closeThread(): void {
  useThread.setState(NONE)
}

export function openThread({ id, unread }: ConversationView): void {
  useThread.setState({ ...NONE, conversation: id })
  void load(id, null, Math.min(MOST_AT_ONCE, PAGE + unread)).then(() => {
    const { conversation, lines } = useThread.getState()
    if (conversation !== id || unread === 0) return
    const others = lines.filter(({ isMine }) => !isMine)
    useThread.setState({ firstNew: (others.at(-unread) ?? others[0])?.id ?? null })
  })
}

/** A text has come while the person looks elsewhere; she may be back before it is read. */
export function noteUnseen(conversation: string, id: string): void {
  const now = useThread.getState()
  if (now.conversation === conversation && now.firstNew === null) useThread.setState({ firstNew: id })
}

/** The person has answered: nothing is new any more. */
export function forgetNew(): void {
  useThread.setState({ firstNew: null })
}

/** Reads what is before the oldest that is shown. */
export async function loadOlder(): Promise<void> {
  const { conversation, lines, isWhole, isLoading } = useThread.getState()
  if (conversation === null || isWhole || isLoading || lines.length === 0) return
  await load(conversation, lines[0]!.id, PAGE)
}

/** Reads the newest anew: texts and how far they have come. */
export function refreshThread(id: string): void {
  const { conversation, lines } = useThread.getState()
  if (conversation === id) void load(id, null, Math.min(MOST_AT_ONCE, Math.max(PAGE, lines.length)))
}

/** Brings a text into view, and loads what is between it and now. */
export async function seek(id: string): Promise<void> {
  const { conversation } = useThread.getState()
  const isThere = (): boolean => useThread.getState().lines.some((line) => line.id === id)
  while (!isThere()) {
    const now = useThread.getState()
    if (now.conversation !== conversation || now.isWhole || now.problem !== null) return
    if (now.lines.length > MOST_LOADED) return
    if (now.isLoading || now.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
    else await loadOlder()
  }
  useThread.setState({ sought: { id, at: Date.now() } })
}

async function load(conversation: string, before: string | null, limit: number): Promise<void> {
  const isStill = (): boolean => useThread.getState().conversation === conversation
  const isAwaited = before !== null || useThread.getState().lines.length === 0
  if (isAwaited) useThread.setState({ isLoading: true })
  try {
    const from = before === null ? {} : { before }
    const { lines: found, more, reads } = await studioClient().messages.history({ conversation, limit, ...from })
    if (!isStill()) return
    const { lines, isWhole, firstNew } = useThread.getState()
    const got = [...found].reverse()
    const ids = new Set(got.map(({ id }) => id))
    // What stands after a page's first text and is not in it has been taken away.
    const firstAt = got[0]?.at ?? 0
    const unseen =
      isAwaited || isLookedAt() ? undefined : got.find((line) => !line.isMine && isAfter(line, lines.at(-1)))
    const rest = lines.filter(({ id, at }) => !ids.has(id) && (before !== null || (more && at <= firstAt)))
    useThread.setState({
      lines: before === null ? [...rest, ...got] : [...got, ...rest],
      isWhole: isWhole || !more,
      ...{ reads, problem: null, firstNew: firstNew ?? unseen?.id ?? null },
      ...(isAwaited ? { isLoading: false } : {}),
    })
  } catch (error) {
    if (isStill()) useThread.setState({ isLoading: false, problem: describeProblem(error).message })
  }
}

/** Texts that come while the person looks elsewhere are marked as new when she is back. */
function isLookedAt(): boolean {
  return usePage.getState().page === 'messages' && document.hasFocus()
}

function isAfter(line: MessageLine, last: MessageLine | undefined): boolean {
  return last === undefined || line.at > last.at
}
