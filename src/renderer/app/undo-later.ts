import { create } from 'zustand'
import { ACTION_TOAST_MS, useToasts } from '@/ui/toast-store'
import { tellProblem } from './tell-problem'

interface Leaving {
  /** What does not show any more, though it can still be kept. */
  leaving: ReadonlySet<string>
}

export const useLeaving = create<Leaving>()(() => ({ leaving: new Set<string>() }))

const pending = new Map<string, () => void>()

/**
 * Takes something out of sight at once, and out of the world when nobody has pressed Undo for as long as that shows.
 * What is refused comes back, in words.
 */
export function removeLater(id: string, words: { said: string; detail: string }, remove: () => Promise<unknown>): void {
  mark(id, true)
  const send = (): void => {
    if (!pending.delete(id)) return
    clearTimeout(timer)
    remove().catch((error: unknown) => {
      mark(id, false)
      tellProblem(error)
    })
  }
  const timer = setTimeout(send, ACTION_TOAST_MS)
  pending.set(id, send)
  const run = (): void => {
    if (!pending.delete(id)) {
      useToasts.getState().show('info', 'That was too late: it is gone already.')
      return
    }
    clearTimeout(timer)
    mark(id, false)
  }
  useToasts.getState().show('info', words.said, { detail: words.detail, action: 'Undo', run })
}

/** Whoever closes the window has thought about it. */
export function removeOnClose(): void {
  window.addEventListener('pagehide', () => {
    for (const send of [...pending.values()]) send()
  })
}

function mark(id: string, isLeaving: boolean): void {
  const leaving = new Set(useLeaving.getState().leaving)
  if (isLeaving) leaving.add(id)
  else leaving.delete(id)
  useLeaving.setState({ leaving })
}
