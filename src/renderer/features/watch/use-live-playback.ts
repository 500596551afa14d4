import { useEffect, useState, type RefObject } from 'react'
import { LivePlayback } from './live-playback'

export interface PlaybackView {
  /** Null before the first effect. */
  playback: LivePlayback | null
  /** A picture has been shown. */
  started: boolean
  paused: boolean
  /** The picture waits for data. */
  waiting: boolean
  /** Seconds behind the newest segment. */
  latency: number | null
}

/** Plays a live playlist in a <video> while mounted and tells what it is doing. Rests while not visible. */
export function useLivePlayback(
  video: RefObject<HTMLVideoElement | null>,
  playlistUrl: string,
  visible: boolean,
): PlaybackView {
  const [view, setView] = useState<PlaybackView>({
    playback: null,
    started: false,
    paused: true,
    waiting: true,
    latency: null,
  })

  useEffect(() => {
    const element = video.current
    if (element === null) return
    const update = (change: Partial<PlaybackView>): void => setView((before) => ({ ...before, ...change }))
    const on = { signal: new AbortController() }
    const listen = (name: string, change: () => Partial<PlaybackView>): void =>
      element.addEventListener(name, () => update(change()), { signal: on.signal.signal })
    const playback = new LivePlayback(element, playlistUrl)
    listen('playing', () => ({ playback, started: true, waiting: false, paused: false }))
    listen('waiting', () => ({ waiting: true }))
    listen('play', () => ({ paused: false }))
    listen('pause', () => ({ paused: true }))
    const clock = setInterval(() => update({ playback, latency: playback.latency }), 500)
    return () => {
      clearInterval(clock)
      on.signal.abort()
      playback.destroy()
    }
  }, [video, playlistUrl])

  const { playback } = view
  useEffect(() => {
    if (visible) playback?.resume()
    else if (document.pictureInPictureElement !== video.current) playback?.rest()
  }, [visible, playback, video])

  return view
}
