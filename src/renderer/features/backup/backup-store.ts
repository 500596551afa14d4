import { create } from 'zustand'
import type { BackupLook } from '@shared/community/backup-look'
import { describeProblem, studioClient } from '@/app/studio-client'

type What = 'making' | 'looking' | 'restoring' | 'signing'

interface BackupState {
  /** What is under way; null: nothing. `done` 0 to 1. */
  running: { what: What; done: number } | null
  /** A backup that was chosen and read, and waits for a yes. */
  looked: (BackupLook & { file: string }) | null
  /** How the last thing ended. */
  said: { level: 'info' | 'problem'; words: string } | null
  make: () => void
  look: () => void
  restore: () => void
  nostr: () => void
  cancel: () => void
  /** No to what was looked at. */
  leave: () => void
}

const number = new Intl.NumberFormat()

export const entryWords = (count: number): string => `${number.format(count)} ${count === 1 ? 'entry' : 'entries'}`

export const useBackup = create<BackupState>()((set) => {
  /** Does it, and says what came of it; nothing for what the person ended. */
  const run = <T>(work: Promise<T>, words: (result: T) => string | null): void => {
    set({ said: null })
    work.then(
      (result) => {
        const said = words(result)
        set({ said: said === null ? null : { level: 'info', words: said } })
      },
      (error: unknown) => {
        const { code, message } = describeProblem(error)
        set({ said: code === 'cancelled' ? null : { level: 'problem', words: message } })
      },
    )
  }
  return {
    running: null,
    looked: null,
    said: null,
    make: () =>
      run(
        studioClient().backup.make(),
        (made) => made && `${made.name} has everything up to now. Keep it somewhere else, too.`,
      ),
    look: () =>
      run(studioClient().backup.look(), (looked) => {
        set({ looked })
        return null
      }),
    restore: () => {
      set({ looked: null })
      run(studioClient().backup.restore(), (fresh) =>
        fresh === 0 ? 'Everything in it was here already.' : `Restored: ${entryWords(fresh)} came back.`,
      )
    },
    nostr: () =>
      run(studioClient().backup.nostr(), (made) => {
        if (made === null) return null
        const left = Object.values(made.left).reduce((sum, count) => sum + count, 0)
        const rest = left === 0 ? '' : ` Nostr has no events for ${entryWords(left)}; they are left out.`
        return `${made.name} has ${number.format(made.events)} signed ${made.events === 1 ? 'event' : 'events'}.${rest}`
      }),
    cancel: () =>
      void studioClient()
        .backup.cancel()
        .catch(() => undefined), // what was under way says how it ended
    leave: () => set({ looked: null }),
  }
})

/** Hears of progress for as long as the returned function is not called. */
export function followBackup(): () => void {
  return studioClient().backup.progress((running) => useBackup.setState({ running }))
}
