import { currentScene } from '@shared/media/scene-edit'
import type { SourceOption, SourceSpec } from '@shared/media/source-spec'
import { FolderOpen, Image, Plus } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useSettings } from '@/features/settings/settings-store'
import { Button } from '@/ui/Button'
import { takesMicrophone, withMicrophone } from '../microphone-choice'
import { fileName } from '../source-name'
import { SourceIcon } from '../SourceIcon'
import { useStudio } from '../studio-store'
import './add-source.css'
import { useScenes } from './scene-store'

/** A list of what can be added to the scene; opens below its button, closes by Escape, a choice or a press outside. */
export function AddSource({ disabled, onAdd }: { disabled: boolean; onAdd: (name: string, spec: SourceSpec) => void }) {
  const options = useStudio((state) => state.options)
  const hasGifts = useScenes(({ scenes }) => currentScene(scenes).items.some(({ source }) => source.kind === 'gifts'))
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    box.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const onPointerDown = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    window.addEventListener('pointerdown', onPointerDown)
    return () => window.removeEventListener('pointerdown', onPointerDown)
  }, [open])

  const add = ({ label, spec }: Pick<SourceOption, 'label' | 'spec'>): void => {
    setOpen(false)
    // The same microphone twice would be heard twice.
    const taken = currentScene(useScenes.getState().scenes).items.some(({ source }) => takesMicrophone(source))
    const microphone = taken ? 'none' : useSettings.getState().settings.microphone
    onAdd(label, withMicrophone(spec, microphone, options))
  }

  const addFile = async (kind: 'file' | 'picture'): Promise<void> => {
    setOpen(false)
    try {
      const { app } = studioClient()
      const path = await (kind === 'file' ? app.chooseVideoFile() : app.choosePictureFile())
      if (path !== null) onAdd(fileName(path), kind === 'file' ? { kind, path, loop: true } : { kind, path })
    } catch (error) {
      tellProblem(error)
    }
  }

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') {
      setOpen(false)
      box.current?.querySelector('button')?.focus()
      return
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus()
  }

  return (
    <div className="add-source" ref={box} onKeyDown={onKeyDown}>
      <Button
        className="button--small"
        icon={<Plus size={15} />}
        disabled={disabled}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Add
      </Button>
      {open && (
        <div id={id} role="menu" aria-label="Add a source" className="add-source__menu">
          {options.map((option) => (
            <button key={option.id} type="button" role="menuitem" onClick={() => add(option)}>
              <SourceIcon spec={option.spec} />
              <span>{option.label}</span>
            </button>
          ))}
          <button type="button" role="menuitem" onClick={() => void addFile('file')}>
            <FolderOpen size={16} strokeWidth={1.75} />
            <span>Video file…</span>
          </button>
          <button type="button" role="menuitem" onClick={() => void addFile('picture')}>
            <Image size={16} strokeWidth={1.75} />
            <span>Picture…</span>
          </button>
          {!hasGifts && (
            <button type="button" role="menuitem" onClick={() => add({ label: '', spec: { kind: 'gifts' } })}>
              <SourceIcon spec={{ kind: 'gifts' }} />
              <span>Gift alerts</span>
            </button>
          )}
        </div>
      )}
    </div>
  )
}
