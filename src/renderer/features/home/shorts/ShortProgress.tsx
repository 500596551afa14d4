import { useEffect, useState } from 'react'
import { playerTime } from '@/features/watch/player-time'
import { seekTo } from './video-element'

/** Where the video is; can be dragged. */
export function ShortProgress({ video }: { video: HTMLVideoElement | null }) {
  const [{ position, duration }, setAt] = useState({ position: 0, duration: 0 })

  useEffect(() => {
    if (video === null) return
    const tell = (): void =>
      setAt({ position: video.currentTime, duration: Number.isFinite(video.duration) ? video.duration : 0 })
    tell()
    const events = ['timeupdate', 'durationchange', 'seeking'] as const
    for (const name of events) video.addEventListener(name, tell)
    return () => events.forEach((name) => video.removeEventListener(name, tell))
  }, [video])

  return (
    <input
      type="range"
      className="short__progress"
      aria-label="Position"
      aria-valuetext={`${playerTime(position)} of ${playerTime(duration)}`}
      min={0}
      max={duration || 1}
      step={0.05}
      value={Math.min(position, duration || 1)}
      style={{ '--fill': `${duration > 0 ? (position / duration) * 100 : 0}%` }}
      onChange={(event) => {
        if (video !== null) seekTo(video, Number(event.currentTarget.value))
      }}
    />
  )
}
