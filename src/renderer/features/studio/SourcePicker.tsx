import type { SourceOption, SourceSpec } from '@shared/media/source-spec'
import { Bot, Camera, Film, FolderOpen, RefreshCw } from 'lucide-react'
import { useId, useState } from 'react'
import { IconButton } from '@/ui/IconButton'
import { fileName, sameSource, specOf } from './source-name'
import { useStudio } from './studio-store'

const ICONS = { demo: Bot, camera: Camera, file: Film, picture: Film, screen: Film, window: Film, microphone: Film, browser: Camera } as const

/** The found sources, and the file that is open, if it is not among them. */
function rowsOf(options: readonly SourceOption[], current: SourceSpec | null): readonly SourceOption[] {
  if (current?.kind !== 'file' || options.some(({ spec }) => sameSource(spec, current))) return options
  return [...options, { id: `file:${current.path}`, label: fileName(current.path), spec: current }]
}

/** What to show: the demo presenter, a camera by its name, or a video file. */
export function SourcePicker() {
  const options = useStudio((state) => state.options)
  const source = useStudio((state) => state.source)
  const live = useStudio((state) => state.live.state !== 'off')
  const { openSource, openVideoFile, findSources } = useStudio.getState()
  const [searching, setSearching] = useState(false)
  const group = useId()
  const current = specOf(source)
  // Changing the source in the middle of a show is for when it has broken.
  const locked = live && source.state !== 'failed'

  const search = (): void => {
    setSearching(true)
    void findSources().finally(() => setSearching(false))
  }

  return (
    <section className="panel-section" aria-labelledby={`${group}-title`}>
      <header className="panel-section__header">
        <h2 id={`${group}-title`}>Source</h2>
        {locked ? (
          <span className="panel-section__note">stays while you are live</span>
        ) : (
          <IconButton
            label="Look for cameras again"
            align="end"
            onClick={search}
            disabled={searching}
            className="button--small"
          >
            <RefreshCw size={15} className={searching ? 'turning' : undefined} />
          </IconButton>
        )}
      </header>
      <div role="radiogroup" aria-label="Source" className="sources">
        {rowsOf(options, current).map((option) => {
          const Icon = ICONS[option.spec.kind]
          return (
            <label key={option.id} className="sources__row">
              <input
                type="radio"
                name={group}
                checked={current !== null && sameSource(option.spec, current)}
                disabled={locked}
                onChange={() => void openSource(option.spec)}
              />
              <span className="sources__face">
                <Icon size={18} strokeWidth={1.75} />
                <span className="sources__label">{option.label}</span>
              </span>
            </label>
          )
        })}
        <button type="button" className="sources__file" disabled={locked} onClick={() => void openVideoFile()}>
          <FolderOpen size={18} strokeWidth={1.75} />
          Video file…
        </button>
      </div>
    </section>
  )
}
