import { Copy, Pencil, Trash2 } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { IconButton } from '@/ui/IconButton'
import { TextPrompt } from '@/ui/TextPrompt'
import './scene-bar.css'
import { sceneKey, sceneKeyName } from './scene-key'
import { useScenes } from './scene-store'

const FADES = [
  { value: 'cut', label: 'Cut', kind: 'cut', ms: 300 },
  { value: 'fade-300', label: 'Fade 0.3 s', kind: 'fade', ms: 300 },
  { value: 'fade-600', label: 'Fade 0.6 s', kind: 'fade', ms: 600 },
  { value: 'fade-1500', label: 'Fade 1.5 s', kind: 'fade', ms: 1500 },
] as const

/** Which of our transitions is nearest to what is set. */
function transitionOf({ kind, ms }: { kind: 'cut' | 'fade'; ms: number }): string {
  if (kind === 'cut') return 'cut'
  const fades = FADES.filter((fade) => fade.kind === 'fade')
  return fades.reduce((best, fade) => (Math.abs(fade.ms - ms) < Math.abs(best.ms - ms) ? fade : best)).value
}

/** The scenes side by side: a press or Ctrl and its number goes to one; the chosen one can be renamed and removed. */
export function SceneBar({ visible }: { visible: boolean }) {
  const { scenes, currentId, transition } = useScenes((state) => state.scenes)
  const { selectScene, addScene, renameScene, removeScene, setTransition } = useScenes.getState()
  const [renaming, setRenaming] = useState(false)
  const group = useId()
  const current = scenes.find(({ id }) => id === currentId)

  useEffect(() => {
    if (!visible) return
    const onKeyDown = (event: KeyboardEvent): void => {
      const index = sceneKey(event)
      const scene = index === null ? undefined : useScenes.getState().scenes.scenes[index]
      if (scene === undefined) return
      event.preventDefault()
      useScenes.getState().selectScene(scene.id)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [visible])

  return (
    <section className="scene-bar" aria-label="Scenes">
      <div className="scene-bar__scenes">
        <div role="radiogroup" aria-label="Scene" className="scene-bar__list">
          {scenes.map(({ id, name }, index) => {
            const key = sceneKeyName(index)
            return (
              <label key={id} className="scene-bar__scene" title={key === null ? name : `${name} (${key.shown})`}>
                <input
                  type="radio"
                  name={group}
                  checked={id === currentId}
                  aria-keyshortcuts={key?.aria}
                  onChange={() => selectScene(id)}
                />
                <span className="scene-bar__face">{name}</span>
              </label>
            )
          })}
        </div>
        <IconButton label="New scene from this one" className="button--small" onClick={addScene}>
          <Copy size={15} />
        </IconButton>
        <IconButton label="Rename this scene" className="button--small" onClick={() => setRenaming(true)}>
          <Pencil size={15} />
        </IconButton>
        <IconButton
          label="Remove this scene"
          className="button--small"
          disabled={scenes.length < 2}
          onClick={() => removeScene(currentId)}
        >
          <Trash2 size={15} />
        </IconButton>
      </div>
      {scenes.length > 1 && (
        <select
          className="scene-bar__transition"
          aria-label="Change of scenes"
          value={transitionOf(transition)}
          onChange={(event) => {
            const chosen = FADES.find(({ value }) => value === event.currentTarget.value)
            if (chosen) setTransition({ kind: chosen.kind, ms: chosen.ms })
          }}
        >
          {FADES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
      {renaming && current !== undefined && (
        <TextPrompt
          title="Rename the scene"
          label="Name"
          initial={current.name}
          accept="Rename"
          maxLength={80}
          problemOf={(name) => (name === '' ? 'Give it a name.' : null)}
          onCancel={() => setRenaming(false)}
          onAccept={(name) => {
            setRenaming(false)
            renameScene(current.id, name)
          }}
        />
      )}
    </section>
  )
}
