import { Captions, CaptionsOff } from 'lucide-react'
import { ChoiceMenu } from '../ChoiceMenu'
import type { CaptionView } from './use-captions'

const OPEN = 'open'

/** The captions of this video: none, one of its languages, or a file of the person. Not there where there is no choice. */
export function CaptionMenu({ captions }: { captions: CaptionView }) {
  const { tracks, chosen, canOpen, choose, openFile } = captions
  if (tracks.length === 0 && !canOpen) return null
  const shown = tracks.find(({ id }) => id === chosen)
  return (
    <ChoiceMenu<string | null>
      label="Captions"
      face={shown ? <Captions size={18} aria-hidden="true" /> : <CaptionsOff size={18} aria-hidden="true" />}
      spoken={shown?.label ?? 'off'}
      chosen={shown?.id ?? null}
      choices={[
        { id: null, name: 'Off', ...(tracks.length > 0 && { hint: 'C' }) },
        ...tracks.map(({ id, label, language }) => ({ id, name: label, hint: language })),
        ...(canOpen ? [{ id: OPEN, name: 'Open a file…', hint: '.vtt .srt', isAction: true }] : []),
      ]}
      onChoose={(id) => (id === OPEN ? openFile() : choose(id))}
    />
  )
}
