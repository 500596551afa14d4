import { History } from 'lucide-react'
import { useEffect } from 'react'
import { Button } from '@/ui/Button'
import { Tooltip } from '@/ui/Tooltip'
import { isReplayKey, REPLAY_KEYS } from './replay-key'
import { useRecording } from './recording-store'

/** Saves the last half minute of the live; its key works on every page while this is shown. */
export function ReplayButton({ disabled }: { disabled: boolean }) {
  const saving = useRecording((state) => state.saving)
  const { saveReplay } = useRecording.getState()

  useEffect(() => {
    if (disabled) return
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!isReplayKey(event)) return
      event.preventDefault()
      void saveReplay()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [disabled, saveReplay])

  return (
    <Tooltip text={`The last 30 seconds as a clip (${REPLAY_KEYS.shown})`}>
      <Button
        icon={<History size={16} />}
        busy={saving}
        disabled={disabled}
        aria-keyshortcuts={REPLAY_KEYS.aria}
        onClick={() => void saveReplay()}
      >
        Save replay
      </Button>
    </Tooltip>
  )
}
