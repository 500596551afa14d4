import type { SourceOption } from '@shared/media/source-spec'
import { FolderOpen, Image, RefreshCw } from 'lucide-react'
import { useId, useState } from 'react'
import { useSettings } from '@/features/settings/settings-store'
import { IconButton } from '@/ui/IconButton'
import { MicrophonePicker } from './MicrophonePicker'
import { withMicrophone } from './microphone-choice'
import { sourceGroups } from './source-groups'
import { SourceIcon } from './SourceIcon'
import { isSameDevice, specOf } from './source-name'
import { useStudio } from './studio-store'
import './sources.css'

/** What to show: a camera, a screen or a window by its name, a file, a picture, or the demo presenter. */
export function SourcePicker() {
  const options = useStudio((state) => state.options)
  const source = useStudio((state) => state.source)
  const live = useStudio((state) => state.live.state !== 'off')
  const { openSource, openVideoFile, openPictureFile, findSources } = useStudio.getState()
  const [searching, setSearching] = useState(false)
  const group = useId()
  const current = specOf(source)
  // Changing the source in the middle of a show is for when it has broken.
  const locked = live && source.state !== 'failed' && source.state !== 'waiting'

  const search = (): void => {
    setSearching(true)
    void findSources().finally(() => setSearching(false))
  }
  const open = ({ spec }: SourceOption): void =>
    void openSource(withMicrophone(spec, useSettings.getState().settings.microphone, options))

  return (
    <section className="panel-section" aria-labelledby={`${group}-title`}>
      <header className="panel-section__header">
        <h2 id={`${group}-title`}>Source</h2>
        {locked ? (
          <span className="panel-section__note">stays while you are live</span>
        ) : (
          <IconButton
            label="Look for cameras and screens again"
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
        {sourceGroups(options, current).map(({ id, title, options: rows }) => {
          if (id === 'screens' && rows.length === 0) return null
          return (
            <div key={id} role="group" aria-labelledby={`${group}-${id}`} className="sources__group">
              <h3 id={`${group}-${id}`}>{title}</h3>
              <div className="sources__rows">
                {rows.map((option) => (
                  <label key={option.id} className="sources__row" title={option.label}>
                    <input
                      type="radio"
                      name={group}
                      checked={current !== null && isSameDevice(option.spec, current)}
                      disabled={locked}
                      onChange={() => open(option)}
                    />
                    <span className="sources__face">
                      <SourceIcon spec={option.spec} size={18} />
                      <span className="sources__label">{option.label}</span>
                    </span>
                  </label>
                ))}
              </div>
              {id === 'cameras' && rows.length === 0 && <NoCamera />}
              {id === 'files' && (
                <div className="sources__files">
                  <button
                    type="button"
                    className="sources__file"
                    disabled={locked}
                    onClick={() => void openVideoFile()}
                  >
                    <FolderOpen size={18} strokeWidth={1.75} />
                    Video file…
                  </button>
                  <button
                    type="button"
                    className="sources__file"
                    disabled={locked}
                    onClick={() => void openPictureFile()}
                  >
                    <Image size={18} strokeWidth={1.75} />
                    Picture…
                  </button>
                </div>
              )}
            </div>
          )
        })}
      </div>
      <MicrophonePicker disabled={locked} />
    </section>
  )
}

/** What to check; most cameras that are missing are only not plugged in or not allowed. */
function NoCamera() {
  return (
    <p className="sources__empty">
      No camera was found. Plug one in, close other programs that use it, and allow this app to use it in the system’s
      privacy settings. Then look again.
    </p>
  )
}
