import { sameBeauty } from '@shared/media/beauty-presets'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useSettings } from '@/features/settings/settings-store'
import { TextPrompt } from '@/ui/TextPrompt'
import { useToasts } from '@/ui/toast-store'
import './own-presets.css'
import { useStudio } from './studio-store'

const MOST = 50

/** What the person has kept: a press wears it, the cross forgets it (and can be taken back). */
export function OwnPresets() {
  const presets = useSettings((state) => state.settings.beautyPresets)
  const beauty = useStudio((state) => state.beauty)
  const [naming, setNaming] = useState(false)
  const { changeBeauty } = useStudio.getState()
  const { remember } = useSettings.getState()

  const forget = (name: string): void => {
    const before = useSettings.getState().settings.beautyPresets
    remember({ beautyPresets: before.filter((preset) => preset.name !== name) })
    useToasts.getState().show('info', `"${name}" was removed.`, {
      detail: 'The sliders stay as they are.',
      action: 'Undo',
      run: () => remember({ beautyPresets: before }),
    })
  }

  const problemOf = (name: string): string | null => {
    if (name === '') return 'Give it a name.'
    return presets.some((preset) => preset.name === name) ? 'This name is taken.' : null
  }

  return (
    <div className="own-presets" role="group" aria-label="Own presets">
      {presets.map(({ name, beauty: kept }) => (
        <span key={name} className="own-presets__chip" data-chosen={sameBeauty(kept, beauty) || undefined}>
          <button
            type="button"
            className="own-presets__name"
            aria-pressed={beauty.enabled && sameBeauty(kept, beauty)}
            onClick={() => changeBeauty({ ...kept, enabled: true })}
          >
            {name}
          </button>
          <button
            type="button"
            className="own-presets__remove"
            aria-label={`Remove ${name}`}
            onClick={() => forget(name)}
          >
            <X size={12} />
          </button>
        </span>
      ))}
      <button
        type="button"
        className="own-presets__add"
        disabled={presets.length >= MOST}
        onClick={() => setNaming(true)}
      >
        <Plus size={13} />
        Save as preset
      </button>
      {naming && (
        <TextPrompt
          title="Keep these settings"
          label="Name"
          initial={freeName(presets.map(({ name }) => name))}
          accept="Save"
          maxLength={40}
          problemOf={problemOf}
          onCancel={() => setNaming(false)}
          onAccept={(name) => {
            setNaming(false)
            remember({ beautyPresets: [{ name, beauty: { ...beauty, enabled: true } }, ...presets] })
          }}
        />
      )}
    </div>
  )
}

function freeName(taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'My look' : `My look ${number}`
    if (!taken.includes(name)) return name
  }
}
