import type { KeepChoice } from '@shared/storage/keep-choice'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Segmented } from '@/ui/Segmented'
import { ChosenChannels } from './ChosenChannels'
import { KeptNow } from './KeptNow'
import { useLibrary } from './library-store'

const WHO = [
  { value: 'nobody', label: 'Nobody' },
  { value: 'chosen', label: 'Channels I choose' },
  { value: 'everybody', label: 'Everybody' },
] as const

const HINTS: Record<KeepChoice['who'], string> = {
  nobody: 'You pass on what you watch, and only while you watch it',
  chosen: 'Also while you are not watching; a finished show is a file here and counts toward the space',
  everybody: 'All lives that are found, up to 16 at once; finished shows are files here and count toward the space',
}

/** Rows of the sharing card: whose lives this computer keeps and passes on, and which it does now. */
export function KeepRows() {
  const keeping = useLibrary((state) => state.keeping)
  if (keeping === null) return null
  const { choice, shows } = keeping
  const set = (change: Partial<KeepChoice>): void => {
    studioClient()
      .keeping.set({ ...choice, ...change })
      .catch(tellProblem)
  }
  return (
    <>
      <div className="sharing__row">
        <span>
          Keep and pass on lives of
          <span className="sharing__hint">{HINTS[choice.who]}</span>
        </span>
        <div className="sharing__choice sharing__choice--wide">
          <Segmented
            label="Keep and pass on lives of"
            segments={WHO}
            value={choice.who}
            onChange={(who) => set({ who })}
          />
        </div>
      </div>
      {choice.who === 'chosen' && (
        <ChosenChannels channels={choice.channels} onChange={(channels) => set({ channels })} />
      )}
      {(choice.who === 'everybody' || (choice.who === 'chosen' && choice.channels.length > 0)) && (
        <KeptNow shows={shows} />
      )}
    </>
  )
}
