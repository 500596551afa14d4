import type {
  LiveState,
  PreviewMode,
  Settings,
  SourceState,
  StudioClient,
  StudioStats,
} from '@shared/ipc/studio-schema'
import { BroadcastDetails } from '@shared/live/broadcast-details'
import { DEFAULT_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import type { SourceOption, SourceSpec } from '@shared/media/source-spec'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useSettings } from '@/features/settings/settings-store'
import { useToasts } from '@/ui/toast-store'
import { browserDevices } from './browser-devices'
import { latestOnly } from './latest-only'
import { withMicrophone } from './microphone-choice'
import { notePictureChange } from './picture-history'
import { specOf } from './source-name'
import { addToHistory, clearHistory } from './stats-history'

export type Category = BroadcastDetails['category']

interface StudioState {
  source: SourceState
  /** What main found to capture; the demo presenter is always there. */
  options: readonly SourceOption[]
  beauty: BeautySettings
  previewMode: PreviewMode
  live: LiveState
  /** Null until the first second of a source has passed. */
  stats: StudioStats | null
  title: string
  category: Category
  /** Why the title will not do; null when it will. */
  titleProblem: string | null

  findSources: () => Promise<void>
  openSource: (spec: SourceSpec) => Promise<void>
  openVideoFile: () => Promise<void>
  openPictureFile: () => Promise<void>
  /** `none`, the id of a microphone's option, or empty for the system's default; remembered. */
  setMicrophone: (microphone: string) => Promise<void>
  changeBeauty: (change: Partial<BeautySettings>) => void
  setPreviewMode: (mode: PreviewMode) => void
  setTitle: (title: string) => void
  setCategory: (category: Category) => void
  goLive: () => Promise<void>
  endLive: () => Promise<void>
  copyLink: () => Promise<void>
}

const DEMO: SourceOption = { id: 'demo', label: 'Demo presenter', spec: { kind: 'demo' } }

const sendBeauty = latestOnly((beauty: BeautySettings) => studioClient().beauty.set(beauty), tellProblem)

/** Counts the person's choices of a source, so that the end of an earlier one says nothing about the newest. */
let choice = 0

export const useStudio = create<StudioState>()((set, get) => ({
  source: { state: 'closed' },
  options: [DEMO],
  beauty: DEFAULT_BEAUTY,
  previewMode: 'after',
  live: { state: 'off' },
  stats: null,
  title: '',
  category: 'Talk',
  titleProblem: null,

  findSources: async () => {
    await studioClient().source.allowDeviceNames()
    const options = await studioClient().source.list(await browserDevices())
    set({ options: options.some(({ spec }) => spec.kind === 'demo') ? options : [DEMO, ...options] })
  },

  openSource: async (spec) => {
    const mine = ++choice
    set({ source: { state: 'opening', spec }, stats: null })
    try {
      const info = await studioClient().source.open(spec)
      if (mine !== choice) return
      set({ source: { state: 'open', spec, info } })
      useSettings.getState().remember({ source: spec })
    } catch (error) {
      if (mine === choice) set({ source: { state: 'failed', spec, ...describeProblem(error) } })
    }
  },

  openVideoFile: async () => {
    try {
      const path = await studioClient().app.chooseVideoFile()
      if (path !== null) await get().openSource({ kind: 'file', path, loop: true })
    } catch (error) {
      tellProblem(error)
    }
  },

  openPictureFile: async () => {
    try {
      const path = await studioClient().app.choosePictureFile()
      if (path !== null) await get().openSource({ kind: 'picture', path })
    } catch (error) {
      tellProblem(error)
    }
  },

  setMicrophone: async (microphone) => {
    useSettings.getState().remember({ microphone })
    const { source, options } = get()
    const spec = specOf(source)
    if (spec === null) return
    const changed = withMicrophone(spec, microphone, options)
    if (JSON.stringify(changed) !== JSON.stringify(spec)) await get().openSource(changed)
  },

  changeBeauty: (change) => {
    notePictureChange()
    const beauty = { ...get().beauty, ...change }
    set({ beauty })
    sendBeauty(beauty)
    useSettings.getState().remember({ beauty })
  },

  setPreviewMode: (previewMode) => {
    set({ previewMode })
    studioClient().preview.setMode(previewMode).catch(tellProblem)
  },

  setTitle: (title) => {
    set({ title, titleProblem: null })
    useSettings.getState().remember({ title })
  },

  setCategory: (category) => {
    set({ category })
    useSettings.getState().remember({ category })
  },

  goLive: async () => {
    const { title, category, live } = get()
    if (live.state !== 'off') return
    const checked = BroadcastDetails.shape.title.safeParse(title)
    if (!checked.success) {
      set({ titleProblem: checked.error.issues[0]?.message ?? 'This title will not do.' })
      return
    }
    set({ live: { state: 'starting' }, titleProblem: null })
    try {
      const { record } = useSettings.getState().settings
      set({ live: await studioClient().live.start({ title: checked.data, category, record }) })
    } catch (error) {
      set({ live: { state: 'off' } })
      tellProblem(error)
    }
  },

  endLive: async () => {
    const before = get().live
    if (before.state !== 'live') return
    set({ live: { state: 'stopping' } })
    try {
      await studioClient().live.stop()
      set({ live: await studioClient().live.getState() })
    } catch (error) {
      set({ live: before })
      tellProblem(error)
    }
  },

  copyLink: async () => {
    const { live } = get()
    if (live.state !== 'live') return
    try {
      await studioClient().app.copyText(live.url)
      useToasts.getState().show('info', 'Link copied. Paste it to the people who should watch.')
    } catch (error) {
      tellProblem(error)
    }
  },
}))

/** Follows main and takes over what was saved. */
export async function startStudio(client: StudioClient, settings: Settings): Promise<void> {
  client.source.changed((source) => {
    const flows = source.state === 'open' || source.state === 'waiting'
    useStudio.setState(flows ? { source } : { source, stats: null })
    if (source.state === 'opening') clearHistory()
  })
  client.live.changed((live) => useStudio.setState({ live }))
  client.live.stats((stats) => {
    useStudio.setState({ stats })
    addToHistory(stats)
  })
  const { beauty, title, category } = settings
  useStudio.setState({ beauty, title, category })
  const [source, live] = await Promise.all([client.source.getState(), client.live.getState()])
  useStudio.setState({ source, live })
}

/** Opens the saved source when none is open, so that a picture is there at once. Needs the media engine. */
export async function restoreSource(client: StudioClient): Promise<void> {
  const source = await client.source.getState()
  useStudio.setState({ source })
  if (source.state === 'closed') await useStudio.getState().openSource(useSettings.getState().settings.source)
}
