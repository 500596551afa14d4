import { Upload } from 'lucide-react'
import { useEffect, useState } from 'react'
import { publishDropped } from './publishing-store'

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false

/** While it is there, video files dropped anywhere on the window become drafts of the channel in front. */
export function DropZone({ name }: { name: string }) {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    let depth = 0 // a drag enters each thing that it passes
    const turn = (by: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return
      depth = Math.max(0, depth + by)
      setOver(depth > 0)
    }
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      event.dataTransfer!.dropEffect = 'copy'
    }
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      publishDropped()
    }
    const heard = { dragenter: turn(1), dragleave: turn(-1), dragover: over, drop }
    for (const [kind, listener] of Object.entries(heard)) window.addEventListener(kind, listener as EventListener)
    return () => {
      for (const [kind, listener] of Object.entries(heard)) window.removeEventListener(kind, listener as EventListener)
    }
  }, [])
  if (!isOver) return null
  return (
    <div className="drop-zone" role="status">
      <Upload size={30} strokeWidth={1.5} aria-hidden="true" />
      <p>Drop a video to publish it in {name}</p>
    </div>
  )
}
