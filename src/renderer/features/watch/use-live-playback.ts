import { useEffect, useState, type RefObject } from 'react'
import { LivePlayer, type LiveFigures } from './live-player'
import { openWatchFeed } from './watch-feed-link'
import { useWatch } from './watch-store'

export interface PlaybackView {
  /** Null before the first effect. */
  playback: LivePlayer | null
  /** A picture has been shown. */
  started: boolean
  paused: boolean
  /** The picture waits for data. */
  waiting: boolean
  /** What is newest is shown. */
  atEdge: boolean
  figures: LiveFigures | null
}

/** A live that has given a segment within this time goes on, milliseconds. */
const GOES_ON_MS = 2500

/** Plays a live in a <video> while mounted and tells what it is doing. Rests while not visible. */
export function useLivePlayback(
  video: RefObject<HTMLVideoElement | null>,
  still: RefObject<HTMLCanvasElement | null>,
  playlistUrl: string,
  visible: boolean,
): PlaybackView {
  const [view, setView] = useState<PlaybackView>({
    playback: null,
    started: false,
    paused: true,
    waiting: true,
    atEdge: false,
    figures: null,
  })

  useEffect(() => {
    const element = video.current
    if (element === null) return
    const update = (change: Partial<PlaybackView>): void => setView((before) => ({ ...before, ...change }))
    let segments = 0
    let segmentAt = -GOES_ON_MS
    const forget = useWatch.subscribe(({ stats }) => {
      if (stats === null || stats.segments === segments) return
      segments = stats.segments
      segmentAt = performance.now()
    })
    const on = new AbortController()
    const listen = (name: string, change: () => Partial<PlaybackView>): void =>
      element.addEventListener(name, () => update(change()), { signal: on.signal })
    const playback = new LivePlayer(element, {
      ...{ playlistUrl, still: still.current },
      openFeed: () => openWatchFeed(),
      goesOn: () => performance.now() - segmentAt < GOES_ON_MS,
    })
    listen('playing', () => ({ playback, started: true, waiting: false, paused: false }))
    listen('waiting', () => ({ waiting: true }))
    listen('play', () => ({ paused: false }))
    listen('pause', () => ({ paused: true }))
    const clock = setInterval(() => {
      const { waiting, atEdge, figures } = playback
      update({ playback, atEdge, figures, ...(waiting === null ? {} : { waiting }) })
    }, 250)
    return () => {
      clearInterval(clock)
      forget()
      on.abort()
      playback.destroy()
    }
  }, [video, still, playlistUrl])

  const { playback } = view
  useEffect(() => {
    if (visible) playback?.resume()
    else if (document.pictureInPictureElement !== video.current) playback?.rest()
  }, [visible, playback, video])

  return view
}
