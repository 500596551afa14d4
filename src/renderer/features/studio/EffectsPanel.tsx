import { STICKERS, type BackgroundMode, type StickerId } from '@shared/media/effect-settings'
import { Aperture, Ban, ImageUp, Palette, Smile } from 'lucide-react'
import { useEffect, useId, type ReactNode } from 'react'
import { Button } from '@/ui/Button'
import { ColourSwatches } from '@/ui/ColourSwatches'
import { Slider } from '@/ui/Slider'
import { EffectTile } from './EffectTile'
import { useEffects } from './effects-store'
import './effects.css'

const BACKGROUNDS: readonly { mode: BackgroundMode; label: string; icon?: ReactNode }[] = [
  { mode: 'none', label: 'None', icon: <Ban size={20} /> },
  { mode: 'blur', label: 'Blur', icon: <Aperture size={20} /> },
  { mode: 'studio', label: 'Studio' },
  { mode: 'sunset', label: 'Sunset' },
  { mode: 'aurora', label: 'Aurora' },
  { mode: 'paper', label: 'Paper' },
  { mode: 'colour', label: 'Colour', icon: <Palette size={20} /> },
]
const SCREENS = ['#1fa35c', '#2f6fde', '#111216', '#f4f4f2', '#e7a6b5', '#6a4bc4']

/** What stands behind the person. */
function Backgrounds() {
  const { mode, blur, colour, picture } = useEffects((state) => state.effects.background)
  const thumbnails = useEffects((state) => state.thumbnails)
  const importing = useEffects((state) => state.importing)
  const { changeBackground, importPicture } = useEffects.getState()
  const group = useId()
  const tiles = [...BACKGROUNDS, ...(picture === null ? [] : [{ mode: 'picture' as const, label: picture.name }])]
  return (
    <>
      <h2 className="effects__title">Background</h2>
      <div role="radiogroup" aria-label="Background" className="looks">
        {tiles.map(({ mode: each, label, icon }) => (
          <EffectTile
            key={each}
            role="radio"
            group={group}
            label={label}
            icon={icon}
            thumbnail={thumbnails.find(({ kind, id }) => kind === 'background' && id === each)}
            checked={mode === each}
            onChange={() => changeBackground({ mode: each })}
          />
        ))}
      </div>
      {mode === 'blur' && (
        <Slider
          label="Blur"
          value={Math.round(blur * 100)}
          resetTo={50}
          onChange={(value) => changeBackground({ blur: value / 100 })}
        />
      )}
      {mode === 'colour' && (
        <ColourSwatches
          label="Background colour"
          colours={SCREENS}
          value={colour}
          onChange={(next) => changeBackground({ colour: next })}
        />
      )}
      <Button icon={<ImageUp size={16} />} busy={importing} onClick={() => void importPicture()}>
        Own picture…
      </Button>
    </>
  )
}

/** What a face can wear; several at once. */
function Stickers() {
  const stickers = useEffects((state) => state.effects.stickers)
  const thumbnails = useEffects((state) => state.thumbnails)
  const { changeEffects } = useEffects.getState()
  const group = useId()
  const toggle = (id: StickerId): void =>
    changeEffects({ stickers: stickers.includes(id) ? stickers.filter((other) => other !== id) : [...stickers, id] })
  return (
    <>
      <div className="panel-section__line">
        <h2 className="effects__title">Stickers</h2>
        <Button
          variant="quiet"
          className="button--small"
          disabled={stickers.length === 0}
          onClick={() => changeEffects({ stickers: [] })}
        >
          Take off
        </Button>
      </div>
      <div role="group" aria-label="Stickers" className="looks">
        {STICKERS.map(({ id, label }) => (
          <EffectTile
            key={id}
            role="checkbox"
            group={group}
            label={label}
            icon={<Smile size={20} />}
            thumbnail={thumbnails.find((thumbnail) => thumbnail.kind === 'sticker' && thumbnail.id === id)}
            checked={stickers.includes(id)}
            onChange={() => toggle(id)}
          />
        ))}
      </div>
    </>
  )
}

/** What is put behind and on a person, apart from the retouch. */
export function EffectsPanel() {
  const sparkles = useEffects((state) => state.effects.sparkles)
  const { changeEffects, refreshThumbnails } = useEffects.getState()

  useEffect(() => void refreshThumbnails(), [refreshThumbnails])

  return (
    <section className="panel-section effects-panel" aria-label="Effects settings">
      <Stickers />
      <Slider
        label="Sparkles"
        value={Math.round(sparkles * 100)}
        onChange={(value) => changeEffects({ sparkles: value / 100 })}
      />
      <Backgrounds />
    </section>
  )
}
