import { cuesAt, type CaptionCue } from '@shared/captions/caption-cue'
import { useEffect, useState } from 'react'
import './captions.css'

interface CaptionTextProps {
  /** Called at each look: more may have come. */
  cues: () => readonly CaptionCue[]
  /** Moment of the video that is shown, milliseconds; null before the first picture. */
  positionMs: () => number | null
}

/** As often as a person could see the difference, milliseconds. */
const LOOK_MS = 100

/** What is being said, over the picture. Plain text nodes: nothing in a file of captions becomes markup. */
export function CaptionText({ cues, positionMs }: CaptionTextProps) {
  const [shown, setShown] = useState<readonly CaptionCue[]>([])
  useEffect(() => {
    const look = (): void => {
      const at = positionMs()
      const now = at === null ? [] : cuesAt(cues(), at)
      setShown((before) => (isSame(before, now) ? before : now))
    }
    look()
    const clock = setInterval(look, LOOK_MS)
    return () => clearInterval(clock)
  }, [cues, positionMs])
  return (
    <div className="captions" role="region" aria-label="Captions">
      {(['top', 'bottom'] as const).map((place) => (
        <div key={place} className="captions__place" data-place={place}>
          {shown
            .filter(({ top }) => top === (place === 'top'))
            .map(({ startMs, text }, i) => (
              // eslint-disable-next-line react/no-array-index-key -- two may begin together
              <p key={`${startMs} ${i}`} dir="auto">
                <span>{text}</span>
              </p>
            ))}
        </div>
      ))}
    </div>
  )
}

function isSame(a: readonly CaptionCue[], b: readonly CaptionCue[]): boolean {
  return a.length === b.length && a.every((cue, i) => cue === b[i])
}
