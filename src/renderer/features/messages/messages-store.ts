import type { StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { usePage } from '@/app/page-store'
import { describeProblem } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { othersOf } from './message-words'
import { messagesPort, type ConversationCard } from './messages-port'
import { closeThread, openThread, refreshThread } from './thread-store'

/** Somebody to whom nothing has been written yet: the conversation begins with the first text. */
export interface Beginning {
  readonly account: string
}

export interface Draft {
  readonly text: string
  /** Id of the text that is answered. */
  readonly reply: string | null
}

interface MessagesState {
  me: string | null
  /** Null until main has said; false: there is no account that could write. */
  ready: boolean | null
  problem: string | null
  /** Most recently used first. */
  conversations: readonly ConversationCard[]
  /** Id of the conversation in front. */
  open: string | null
  beginning: Beginning | null
  folder: 'conversations' | 'requests'
  filter: string
  /** What is typed and not sent, by conversation (or account, for a beginning). Never on disk. */
  drafts: Readonly<Record<string, Draft>>
}

export const useMessages = create<MessagesState>()(() => ({
  ...{ me: null, ready: null, problem: null, conversations: [], open: null, beginning: null },
  ...{ folder: 'conversations', filter: '', drafts: {} },
}))

export const EMPTY_DRAFT: Draft = { text: '', reply: null }

/** What waits to be read, requests counted once each. */
export function unreadOf(conversations: readonly ConversationCard[]): number {
  return conversations.reduce((sum, { consent, unread }) => sum + (consent === 'asked' ? 1 : unread), 0)
}

export function cardOf(id: string | null): ConversationCard | null {
  return useMessages.getState().conversations.find((one) => one.id === id) ?? null
}

/** Shows a conversation; null: the list alone. */
export function chooseConversation(id: string | null): void {
  const card = cardOf(id)
  if (card === null) closeThread()
  else if (useMessages.getState().open !== id) openThread(card)
  const folder = card === null ? {} : { folder: card.consent === 'asked' ? 'requests' : 'conversations' }
  useMessages.setState({ open: card?.id ?? null, beginning: null, ...(folder as { folder?: 'requests' }) })
}

/** Goes to the private conversation with an account (`0x...`, lower case), or to the begin of one. */
export function openConversation(account: string): void {
  const { conversations, me } = useMessages.getState()
  const known = conversations.find((one) => {
    const others = othersOf(one, me)
    return one.kind === 'direct' && one.isActive && others.length === 1 && others[0] === account
  })
  if (known !== undefined) chooseConversation(known.id)
  else {
    closeThread()
    useMessages.setState({ open: null, beginning: { account }, folder: 'conversations' })
  }
  usePage.getState().go('messages')
}

export function setDraft(key: string, change: Partial<Draft>): void {
  useMessages.setState(({ drafts }) => {
    const draft = { ...EMPTY_DRAFT, ...drafts[key], ...change }
    const { [key]: _before, ...rest } = drafts
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
  const key = open ?? beginning?.account
  const draft = key === undefined ? undefined : drafts[key]
  if (key === undefined || draft === undefined || draft.text.trim() === '') return
  setDraft(key, EMPTY_DRAFT)
  sending = sending.then(async () => {
    try {
      const conversation = open ?? (await messagesPort().start({ accounts: [key], title: '' }))
      const reply = draft.reply === null ? {} : { reply: draft.reply }
      await messagesPort().say({ conversation, text: draft.text.trim(), ...reply })
      await refreshMessages()
      if (open === null && useMessages.getState().beginning?.account === key) chooseConversation(conversation)
      else refreshThread(conversation)
    } catch (error) {
      if (useMessages.getState().drafts[key] === undefined) setDraft(key, draft)
      tellProblem(error)
    }
  })
}

function take(state: { ready: boolean; conversations: readonly ConversationCard[] }): void {
  useMessages.setState({ ...state, problem: null })
  const { open } = useMessages.getState()
  if (open === null) return
  if (cardOf(open) === null) chooseConversation(null)
  else refreshThread(open)
}

export async function refreshMessages(): Promise<void> {
  try {
    take(await messagesPort().getState())
  } catch (error) {
    useMessages.setState({ problem: describeProblem(error).message })
  }
}

/** Follows main, once. */
export async function startMessages(client: StudioClient): Promise<void> {
  client.community.stateChanged(({ me }) => useMessages.setState({ me }))
  messagesPort().changed(take)
  const { me } = await client.community.getState()
  useMessages.setState({ me })
  await refreshMessages()
}
