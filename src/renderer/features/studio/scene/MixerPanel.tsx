import type { SceneItem } from '@shared/media/scene'
import { currentScene } from '@shared/media/scene-edit'
import type { SoundLevel } from '@shared/media/scene-state'
import { ListMusic, Pause, Play, Volume2, VolumeX, X } from 'lucide-react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Toggle } from '@/ui/Toggle'
import { fileName } from '../source-name'
import { useStudio } from '../studio-store'
import { itemName } from './item-words'
import { LevelMeter } from './LevelMeter'
import './mixer.css'
import { NumberSlider } from './NumberSlider'
import { useScenes } from './scene-store'

const SILENCE: SoundLevel = { peakDb: -100, rmsDb: -100 }
/** What the gate starts with when it is switched on, dBFS: above the hum of a room, below a voice. */
const FIRST_GATE_DB = -45

function dB(value: number): string {
  return `${value > 0 ? '+' : ''}${String(value).replace('-', '\u2212')} dB`
}

/** One source: its meter, fader, mute, gate and delay. */
function Channel({ item }: { item: SceneItem }) {
  const options = useStudio((state) => state.options)
  const level = useScenes((state) => state.levels?.items.find(({ itemId }) => itemId === item.id))
  const { changeItem } = useScenes.getState()
  const name = itemName(item, options)
  const { sound } = item
  const change = (fields: Partial<SceneItem['sound']>): void => changeItem(item.id, { sound: { ...sound, ...fields } })
  return (
    <section className="mixer__channel" aria-label={name} data-muted={sound.muted || undefined}>
      <header className="mixer__head">
        <h3>{name}</h3>
        <IconButton
          label={sound.muted ? `Unmute ${name}` : `Mute ${name}`}
          align="end"
          className="button--small"
          aria-pressed={sound.muted}
          onClick={() => change({ muted: !sound.muted })}
        >
          {sound.muted ? <VolumeX size={15} /> : <Volume2 size={15} />}
        </IconButton>
      </header>
      <LevelMeter label={`Level of ${name}`} level={sound.muted ? SILENCE : (level ?? SILENCE)} />
      <NumberSlider
        label="Volume"
        min={-60}
        max={12}
        value={sound.gainDb}
        resetTo={0}
        format={dB}
        onChange={(gainDb) => change({ gainDb })}
      />
      <details className="mixer__more">
        <summary>Noise gate and sync</summary>
        <Toggle
          label="Noise gate"
          checked={sound.gateDb !== null}
          onChange={(on) => change({ gateDb: on ? FIRST_GATE_DB : null })}
        />
        {sound.gateDb !== null && (
          <NumberSlider
            label={`Closed below${level?.gateOpen === false ? ' (closed now)' : ''}`}
            min={-80}
            max={-10}
            value={sound.gateDb}
            resetTo={FIRST_GATE_DB}
            format={dB}
            onChange={(gateDb) => change({ gateDb })}
          />
        )}
        <NumberSlider
          label="Sound later than the picture"
          min={-500}
          max={2000}
          step={10}
          value={sound.delayMs}
          resetTo={0}
          format={(ms) => `${String(ms).replace('-', '\u2212')} ms`}
          onChange={(delayMs) => change({ delayMs })}
        />
      </details>
    </section>
  )
}

/** Music under the show. */
function Music() {
  const music = useScenes((state) => state.scenes.music)
  const level = useScenes((state) => state.levels?.music)
  const { setMusic, chooseMusic } = useScenes.getState()
  return (
    <section className="mixer__channel" aria-label="Music">
      <header className="mixer__head">
        <h3>{music.path === null ? 'Music' : fileName(music.path)}</h3>
        {music.path !== null && (
          <span>
            <IconButton
              label={music.playing ? 'Pause music' : 'Play music'}
              align="end"
              className="button--small"
              onClick={() => setMusic({ playing: !music.playing })}
            >
              {music.playing ? <Pause size={15} /> : <Play size={15} />}
            </IconButton>
            <IconButton
              label="Remove music"
              align="end"
              className="button--small"
              onClick={() => setMusic({ path: null, playing: false })}
            >
              <X size={15} />
            </IconButton>
          </span>
        )}
      </header>
      {music.path === null ? (
        <Button icon={<ListMusic size={16} />} onClick={() => void chooseMusic()}>
          Choose music…
        </Button>
      ) : (
        <>
          <LevelMeter label="Level of the music" level={level ?? SILENCE} />
          <NumberSlider
            label="Music volume"
            min={-60}
            max={12}
            value={music.gainDb}
            resetTo={-18}
            format={dB}
            onChange={(gainDb) => setMusic({ gainDb })}
          />
          <Toggle label="Quieter while somebody speaks" checked={music.duck} onChange={(duck) => setMusic({ duck })} />
        </>
      )}
    </section>
  )
}

/** The sound of the show: every visible source, music, and the whole. */
export function MixerPanel() {
  const scene = useScenes((state) => currentScene(state.scenes))
  const master = useScenes((state) => state.levels?.master)
  const masterGainDb = useScenes((state) => state.scenes.masterGainDb)
  const { setMasterGain } = useScenes.getState()
  const loud = master !== undefined && master.limiterDb < -1
  return (
    <div className="panel-section mixer">
      {scene.items
        .filter(({ visible }) => visible)
        .filter(({ source }) => source.kind !== 'gifts')
        .map((item) => <Channel key={item.id} item={item} />)
        .reverse()}
      <Music />
      <section className="mixer__channel" aria-label="Whole show">
        <header className="mixer__head">
          <h3>Whole show</h3>
          {loud && <span className="mixer__warning">Too loud: held back</span>}
        </header>
        <LevelMeter label="Level of the show" level={master ?? SILENCE} />
        <NumberSlider
          label="Show volume"
          min={-60}
          max={12}
          value={masterGainDb}
          resetTo={0}
          format={dB}
          onChange={setMasterGain}
        />
      </section>
    </div>
  )
}
