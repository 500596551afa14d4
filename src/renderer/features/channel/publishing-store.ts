import type { StudioClient } from '@shared/ipc/studio-schema'
import type { SavedFile } from '@shared/media/saved-file'
import type { VideoDetails, VideoDraft } from '@shared/publishing/video-draft'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { usePage } from '@/app/page-store'
import { tellProblem } from '@/app/tell-problem'
import { useToasts } from '@/ui/toast-store'
import { openedChannel, useChannelData } from './channel-data'
import { openChannel } from './channel-store'
import { ownAccount } from './own-account'

interface PublishingState {
  drafts: readonly VideoDraft[]
  /** Recordings of this run that nobody has done anything about. */
  recordings: readonly SavedFile[]
  /** The draft whose dialog is open. */
  open: string | null
  /** What was typed and is on its way to main. */
  typed: ReadonlyMap<string, VideoDetails>
  /** Why the open draft could not be published. */
  problem: string | null
}

export const usePublishing = create<PublishingState>()(() => ({
  drafts: [],
  recordings: [],
  open: null,
  typed: new Map(),
  problem: null,
}))

export function openDraft(id: string | null): void {
  usePublishing.setState({ open: id, problem: null })
}

/** Asks for a video file of this computer and opens its draft. */
export function chooseVideo(): void {
  begin((channel) => studioClient().publishing.choose(channel))
}

/** Opens a draft of what was just dropped on the window. */
export function publishDropped(): void {
  begin((channel) => studioClient().publishing.fromDropped(channel))
}

/** Opens a draft of a file of the library. */
export function publishFromLibrary(cid: string, title: string): void {
  begin((channel) => studioClient().publishing.fromLibrary({ channel, cid, title }))
}

/** Opens a draft of a recording of this run of the app. */
export function publishRecording(path: string): void {
  dismissRecording(path)
  begin((channel) => studioClient().publishing.fromRecording({ channel, path }))
}

export function dismissRecording(path: string): void {
  usePublishing.setState(({ recordings }) => ({ recordings: recordings.filter((one) => one.path !== path) }))
}

/** Into the own channel that is in front, else the first one; who has none is asked to make it. */
function begin(open: (channel: string) => Promise<string | null>): void {
  const account = ownAccount()
  if (account === null) {
    openChannel(null) // which says how to get one
    return
  }
  void make(account, open).catch(tellProblem)
}

async function make(account: string, open: (channel: string) => Promise<string | null>): Promise<void> {
  const data = useChannelData.getState()
  const inFront = data.account === account && usePage.getState().page === 'channel' ? openedChannel(data) : null
  const channel = inFront ?? (await studioClient().channels.channelsOf(account))[0]
  if (channel === undefined) {
    openChannel(null)
    useToasts.getState().show('info', 'Make your channel first; it takes a name and one press.')
    return
  }
  const id = await open(channel.subject)
  if (id !== null) openDraft(id)
}

const KEEP_MS = 300
const timers = new Map<string, ReturnType<typeof setTimeout>>()

/** Shown at once, kept in a moment. */
export function changeDetails(draft: VideoDraft, change: Partial<VideoDetails>): void {
  const { id } = draft
  const typed = new Map(usePublishing.getState().typed)
  typed.set(id, { ...detailsOf(draft), ...change })
  usePublishing.setState({ typed, problem: null })
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => void keepDetails(id), KEEP_MS),
  )
}

/** As they are typed. */
export function detailsOf({ id, details }: VideoDraft): VideoDetails {
  return usePublishing.getState().typed.get(id) ?? details
}

async function keepDetails(id: string): Promise<void> {
  clearTimeout(timers.get(id))
  timers.delete(id)
  const details = usePublishing.getState().typed.get(id)
  if (details === undefined) return
  try {
    await studioClient().publishing.setDetails({ id, details })
  } catch (error) {
    usePublishing.setState({ problem: describeProblem(error).message })
  }
}

/** Publishes a draft; the dialog goes when it is said. */
export async function publishDraft({ id, details }: VideoDraft): Promise<void> {
  const title = (usePublishing.getState().typed.get(id) ?? details).title.trim()
  if (title === '') {
    usePublishing.setState({ problem: 'Give the video a title.' })
    return
  }
  usePublishing.setState({ problem: null })
  try {
    await keepDetails(id)
    await studioClient().publishing.publish(id)
    if (usePublishing.getState().open === id) openDraft(null)
    useToasts.getState().show('info', `“${title}” is in your channel. Keep WE Studio open while others fetch it.`)
  } catch (error) {
    const { code, message } = describeProblem(error)
    if (code === 'cancelled') return
    if (usePublishing.getState().open === id) usePublishing.setState({ problem: message })
    else tellProblem(error)
  }
}

export function stopPublishing(id: string): void {
  studioClient().publishing.stop(id).catch(tellProblem)
}

export function discardDraft(id: string): void {
  if (usePublishing.getState().open === id) openDraft(null)
  studioClient().publishing.discard(id).catch(tellProblem)
}

/** Follows main; drafts of before are there again. */
export function startPublishing(client: StudioClient): void {
  client.publishing.changed((drafts) => usePublishing.setState({ drafts }))
  client.recording.saved(({ durationMs, ...file }) => {
    const { recordings } = usePublishing.getState()
    usePublishing.setState({ recordings: [{ ...file, durationMs: durationMs ?? 0 }, ...recordings].slice(0, 5) })
  })
  client.publishing.drafts().then(
    (drafts: readonly VideoDraft[] | undefined) => usePublishing.setState({ drafts: drafts ?? [] }),
    () => undefined, // `changed` tells of later ones
  )
}
