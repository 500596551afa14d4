import type { CaptionCue } from '@shared/captions/caption-cue'
import type { CaptionFile } from '@shared/captions/caption-file'
import { useEffect, useState } from 'react'
import { tellProblem } from '@/app/tell-problem'
import { loadCaptionChoice, preferred, saveCaptionChoice } from './caption-memory'

/** Captions that come with a video. */
export interface CaptionOffer {
  tracks: readonly { id: number; label: string; language: string }[]
  /** What is fetched of them now; null: none. */
  chosen: number | null
  choose: (id: number | null) => void
}

export interface CaptionOptions {
  /** Files that are known for this video. */
  files?: readonly CaptionFile[]
  /** What its server has. */
  offer?: CaptionOffer
  /** Lets the person choose a file; absent: not for this video. Null: cancelled. */
  openFile?: () => Promise<CaptionFile | null>
}

export interface CaptionView {
  /** Everything that can be chosen; `f` is a file and `o` comes with the video. */
  tracks: readonly { id: string; label: string; language: string }[]
  /** Null: none are shown. */
  chosen: string | null
  /** Of the chosen file; null: they come with the video. */
  cues: readonly CaptionCue[] | null
  canOpen: boolean
  choose: (id: string | null) => void
  toggle: () => void
  openFile: () => void
}

/** Which captions are shown, with memory of the choice of last time. */
export function useCaptions({ files: known = [], offer, openFile }: CaptionOptions): CaptionView {
  const [opened, setOpened] = useState<readonly CaptionFile[]>([])
  const [file, setFile] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  const files = [...known, ...opened]
  const tracks = [
    ...(offer?.tracks ?? []).map(({ id, label, language }) => ({ id: `o${id}`, label, language })),
    ...files.map(({ label, language }, i) => ({ id: `f${i}`, label, language })),
  ]
  const offered = offer?.chosen ?? null
  const chosen = file ?? (offered === null ? null : `o${offered}`)

  const show = (id: string | null): void => {
    setFile(id?.startsWith('f') === true ? id : null)
    const wanted = id?.startsWith('o') === true ? Number(id.slice(1)) : null
    if (wanted !== offered) offer?.choose(wanted)
  }
  const choose = (id: string | null): void => {
    const track = tracks.find((one) => one.id === id)
    saveCaptionChoice({ shown: id !== null, language: track?.language ?? loadCaptionChoice().language })
    show(id)
  }
  const toggle = (): void => {
    const best = preferred(tracks, loadCaptionChoice().language)
    if (chosen !== null) choose(null)
    else if (best) choose(best.id)
  }

  // As last time, as soon as there are any.
  const { length } = tracks
  useEffect(() => {
    if (asked || length === 0) return
    setAsked(true)
    const { shown, language } = loadCaptionChoice()
    const best = preferred(tracks, language)
    if (shown && best) show(best.id)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the first are there
  }, [asked, length])

  return {
    ...{ tracks, chosen, choose, toggle },
    cues: file === null ? null : (files[Number(file.slice(1))]?.cues ?? []),
    canOpen: openFile !== undefined,
    openFile: () => {
      void openFile?.().then((found) => {
        if (!found) return
        setOpened((before) => [...before, found])
        setAsked(true)
        saveCaptionChoice({ shown: true, language: found.language })
        show(`f${files.length}`)
      }, tellProblem)
    },
  }
}
