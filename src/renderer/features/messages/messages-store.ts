import type { ConversationView, MessagesState } from '@shared/community/message-views'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { usePage } from '@/app/page-store'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { otherOf } from './message-words'
import { closeThread, forgetNew, openThread, refreshThread } from './thread-store'
import { putBack, startAttachments, takeFiles } from './attachment-store'

export interface Draft {
  readonly text: string
  /** Id of the text that is answered. */
  readonly reply: string | null
}

interface MessagesPageState {
  /** Null until main has said. */
  state: MessagesState | null
  /** Why nothing could be read; null when it could. */
  problem: string | null
  /** Id of the conversation in front. */
  open: string | null
  /** Account of somebody to whom nothing has been written yet: the conversation begins with the first text. */
  beginning: string | null
  folder: 'conversations' | 'requests'
  filter: string
  /** What is typed and not sent, by conversation (or account, for a beginning). Never on disk. */
  drafts: Readonly<Record<string, Draft>>
}

export const useMessages = create<MessagesPageState>()(() => ({
  ...{ state: null, problem: null, open: null, beginning: null },
  ...{ folder: 'conversations', filter: '', drafts: {} },
}))

export const EMPTY_DRAFT: Draft = { text: '', reply: null }

/** What waits to be read, requests counted once each. */
export function unreadOf(state: MessagesState | null): number {
  if (state === null) return 0
  return state.conversations.reduce((sum, { unread }) => sum + unread, state.requests.length)
}

export function viewOf(state: MessagesState | null, id: string | null): ConversationView | null {
  if (state === null || id === null) return null
  return state.conversations.find((one) => one.id === id) ?? state.requests.find((one) => one.id === id) ?? null
}

/** Shows a conversation; null: the list alone. */
export function chooseConversation(id: string | null): void {
  const { state, open } = useMessages.getState()
  const view = viewOf(state, id)
  if (view === null) closeThread()
  else if (open !== id) openThread(view)
  const folder = view === null ? null : view.isRequest ? ('requests' as const) : ('conversations' as const)
  useMessages.setState({ open: view?.id ?? null, beginning: null, ...(folder === null ? {} : { folder }) })
}

/** Goes to the private conversation with an account (`0x...`, lower case), or to the begin of one. */
export function openConversation(account: string): void {
  const { state } = useMessages.getState()
  const all = [...(state?.conversations ?? []), ...(state?.requests ?? [])]
  const known = all.find((one) => one.isActive && otherOf(one)?.account === account)
  if (known !== undefined) chooseConversation(known.id)
  else {
    closeThread()
    useMessages.setState({ open: null, beginning: account, folder: 'conversations' })
  }
  usePage.getState().go('messages')
}

export function setDraft(key: string, change: Partial<Draft>): void {
  useMessages.setState(({ drafts }) => {
    const draft = { ...EMPTY_DRAFT, ...drafts[key], ...change }
    const rest = Object.fromEntries(Object.entries(drafts).filter(([other]) => other !== key))
    return { drafts: draft.text === '' && draft.reply === null ? rest : { ...rest, [key]: draft } }
  })
}

let sending: Promise<unknown> = Promise.resolve()

/**
 * Sends the draft of the conversation in front; the field is empty at once, and gets its text back when that fails.
 * Texts leave in the order in which they were written.
 */
export function sendDraft(): void {
  const { open, beginning, drafts } = useMessages.getState()
  const key = open ?? beginning
  const draft = key === null ? undefined : drafts[key]
  if (key === null) return
  const files = takeFiles(key)
  const { text, reply: answered } = draft ?? EMPTY_DRAFT
  if (text.trim() === '' && files.length === 0) return
  setDraft(key, EMPTY_DRAFT)
  sending = sending.then(async () => {
    try {
      const { attachments, messages } = studioClient()
      const conversation = open ?? (await messages.start({ accounts: [key] }))
      const said = { conversation, text: text.trim(), ...(answered === null ? {} : { reply: answered }) }
      if (files.length === 0) await messages.say(said)
      else await attachments.send({ ...said, ids: files.map(({ id }) => id) })
      forgetNew()
      await refreshMessages()
      if (open === null && useMessages.getState().beginning === key) chooseConversation(conversation)
    } catch (error) {
      if (draft !== undefined && useMessages.getState().drafts[key] === undefined) setDraft(key, draft)
      putBack(key, files)
      tellProblem(error)
    }
  })
}

let asked = 0

/** Reads the list and the conversation in front anew; an answer that is overtaken is dropped. */
export async function refreshMessages(): Promise<void> {
  asked += 1
  const mine = asked
  try {
    const state = (await studioClient().messages.getState()) as MessagesState | undefined
    if (mine !== asked || state === undefined) return
    useMessages.setState({ state, problem: null })
    const { open } = useMessages.getState()
    if (open === null) return
    if (viewOf(state, open) === null) chooseConversation(null)
    else refreshThread(open)
  } catch (error) {
    if (mine === asked) useMessages.setState({ problem: describeProblem(error).message })
  }
}

/** Follows main, once. */
export function startMessages(client: StudioClient): Promise<void> {
  const refresh = (): void => void refreshMessages()
  startAttachments(client)
  client.messages.changed(refresh)
  client.messages.read(refresh)
  client.community.stateChanged(refresh)
  return refreshMessages()
}
