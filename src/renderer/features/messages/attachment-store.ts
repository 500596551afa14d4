import type { ChosenFile } from '@shared/ipc/attachments-schema'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { useToasts } from '@/ui/toast-store'

/** As many as one message takes (`direct-message`). */
export const MOST_FILES = 10

export interface FileProgress {
  readonly what: 'sending' | 'saving'
  /** Bytes. */
  readonly done: number
  readonly total: number
}

interface Attachments {
  /** Files that go with a draft, by its key. */
  chosen: Readonly<Record<string, readonly ChosenFile[]>>
  progress: FileProgress | null
}

/** Files of private messages, as the window knows them: names and sizes. */
export const useAttachments = create<Attachments>()(() => ({ chosen: {}, progress: null }))

function setChosen(key: string, files: readonly ChosenFile[]): void {
  useAttachments.setState(({ chosen }) => {
    const others = Object.entries(chosen).filter(([one]) => one !== key)
    return { chosen: Object.fromEntries(files.length === 0 ? others : [...others, [key, files]]) }
  })
}

/** Asks for files that go with the next message. */
export async function chooseFiles(key: string): Promise<void> {
  const found = await studioClient().attachments.choose()
  const all = [...(useAttachments.getState().chosen[key] ?? []), ...found]
  setChosen(key, all.slice(0, MOST_FILES))
  if (all.length > MOST_FILES) {
    useToasts.getState().show('info', `A message takes ${MOST_FILES} files. Send the others with the next one.`)
    for (const { id } of all.slice(MOST_FILES)) void studioClient().attachments.drop(id)
  }
}

export function dropFile(key: string, id: string): void {
  setChosen(
    key,
    (useAttachments.getState().chosen[key] ?? []).filter((file) => file.id !== id),
  )
  void studioClient().attachments.drop(id)
}

/** The files of a draft, which has none afterwards; `putBack` when they were not sent. */
export function takeFiles(key: string): readonly ChosenFile[] {
  const files = useAttachments.getState().chosen[key] ?? []
  setChosen(key, [])
  return files
}

export function putBack(key: string, files: readonly ChosenFile[]): void {
  if (files.length > 0 && useAttachments.getState().chosen[key] === undefined) setChosen(key, files)
}

/** Follows main, once. */
export function startAttachments(client: StudioClient): void {
  client.attachments.progress((progress) => useAttachments.setState({ progress }))
}
