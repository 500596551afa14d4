import { Redo2, Undo2 } from 'lucide-react'
import { useEffect } from 'react'
import { IconButton } from '@/ui/IconButton'
import { redoPicture, undoPicture, usePictureHistory } from './picture-history'
import { UNDO_KEYS, undoKey } from './undo-key'

/** Takes changes of the picture back and again; the keys work while this is on the page in front. */
export function UndoButtons() {
  const { undoable, redoable } = usePictureHistory()

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const way = undoKey(event)
      if (way === null) return
      event.preventDefault()
      if (way === 'undo') undoPicture()
      else redoPicture()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])

  return (
    <div className="undo-buttons">
      <IconButton
        label="Undo"
        shortcut={UNDO_KEYS.undo.shown}
        aria-keyshortcuts={UNDO_KEYS.undo.aria}
        className="button--small"
        disabled={undoable === 0}
        onClick={undoPicture}
      >
        <Undo2 size={16} />
      </IconButton>
      <IconButton
        label="Redo"
        shortcut={UNDO_KEYS.redo.shown}
        aria-keyshortcuts={UNDO_KEYS.redo.aria}
        align="end"
        className="button--small"
        disabled={redoable === 0}
        onClick={redoPicture}
      >
        <Redo2 size={16} />
      </IconButton>
    </div>
  )
}
