import type { CaptionCue } from '@shared/captions/caption-cue'
import { useEffect, useState, type RefObject } from 'react'
import { FilePlayback } from './file-playback'
import { LivePlayer, type LiveFigures } from './live-player'
import { PulledPlayback } from './pulled-playback'
import { openWatchFeed } from './watch-feed-link'
import { useWatch } from './watch-store'
import { studioClient } from '@/app/studio-client'

/** What the player plays. */
export type PlayerSource =
  | { kind: 'live'; playlistUrl: string }
  /** Somebody else's, pulled by an engine; `durationMs` null: a live. */
  | { kind: 'pulled'; url: string; durationMs: number | null }
  /** A finished file that the <video> plays by itself. */
  | { kind: 'file'; url: string }

/** One way to fill the <video>. */
export interface Playback {
  readonly figures: LiveFigures | null
  /** Nothing is there to be shown; null: the <video> knows it itself. */
  readonly waiting: boolean | null
  /** What is newest is shown. */
  readonly atEdge: boolean
  /** Moment of the video that is shown, milliseconds; null before the first picture. Absent: it is the <video>'s. */
  readonly positionMs?: number | null
  /** Captions that came along with it. */
  readonly cues?: readonly CaptionCue[]
  /** 0 to 1, with muting in it. */
  setVolume(volume: number): void
  /** Plays, a live from where it is now. */
  toEdge(): void
  /** Moves by some seconds. */
  seek(seconds: number): void
  /** To a place of what is finished, seconds; absent: the <video> does it. */
  seekTo?(seconds: number): void
  /** Nobody looks. */
  rest(): void
  resume(): void
  destroy(): void
}

/** Of a finished file, seconds. */
export interface FilePosition {
  position: number
  duration: number
  /** What is loaded, from here on without a hole, ends there. */
  buffered: number
  rate: number
}

export interface PlaybackView {
  /** Null before the first effect. */
  playback: Playback | null
  /** A picture has been shown. */
  started: boolean
  paused: boolean
  /** The picture waits for data. */
  waiting: boolean
  atEdge: boolean
  /** The file cannot be played. */
  broken: boolean
  figures: LiveFigures | null
  /** Null for a live. */
  file: FilePosition | null
}

const LOOK_MS = 250

/** Plays a source in a <video> while mounted and tells what it is doing. Rests while not visible. */
export function usePlayback(
  video: RefObject<HTMLVideoElement | null>,
  still: RefObject<HTMLCanvasElement | null>,
  source: PlayerSource,
  visible: boolean,
): PlaybackView {
  const [view, setView] = useState<PlaybackView>({
    ...{ playback: null, started: false, paused: true, waiting: true, atEdge: false, broken: false },
    ...{ figures: null, file: null },
  })
  const { kind } = source
  const url = source.kind === 'live' ? source.playlistUrl : source.url
  const durationMs = source.kind === 'pulled' ? source.durationMs : null

  useEffect(() => {
    const element = video.current
    if (element === null) return
    const update = (change: Partial<PlaybackView>): void => setView((before) => ({ ...before, ...change }))
    const on = new AbortController()
    const listen = (name: string, change: () => Partial<PlaybackView>): void =>
      element.addEventListener(name, () => update(change()), { signal: on.signal })
    const pulled = kind === 'pulled' ? playPulled(element, durationMs) : null
    const playback =
      pulled ?? (kind === 'live' ? playLive(element, still.current, url) : new FilePlayback(element, url))
    listen('playing', () => ({ playback, started: true, waiting: false, paused: false, broken: false }))
    listen('waiting', () => ({ waiting: true }))
    listen('play', () => ({ paused: false }))
    listen('pause', () => ({ paused: true }))
    if (kind === 'file') listen('error', () => ({ broken: true }))
    const look = (): void => {
      const { waiting, atEdge, figures } = playback
      const file = kind === 'file' ? positionOf(element) : (pulled?.file ?? null)
      if (pulled) update({ broken: pulled.broken })
      update({ playback, atEdge, figures, file, ...(waiting === null ? {} : { waiting }) })
    }
    for (const name of ['timeupdate', 'durationchange', 'ratechange', 'seeking']) {
      if (kind === 'file') element.addEventListener(name, look, { signal: on.signal })
    }
    const clock = setInterval(look, LOOK_MS)
    return () => {
      clearInterval(clock)
      on.abort()
      playback.destroy()
    }
  }, [video, still, kind, url, durationMs])

  const { playback } = view
  useEffect(() => {
    if (visible) playback?.resume()
    else if (document.pictureInPictureElement !== video.current) playback?.rest()
  }, [visible, playback, video])

  return view
}

function playLive(element: HTMLVideoElement, still: HTMLCanvasElement | null, playlistUrl: string): Playback {
  return new LivePlayer(element, {
    ...{ playlistUrl, still },
    openFeed: () => openWatchFeed(),
    segments: () => useWatch.getState().stats?.segments ?? 0,
  })
}

function playPulled(element: HTMLVideoElement, durationMs: number | null): PulledPlayback {
  const { watch } = studioClient()
  const playback = new PulledPlayback(element, {
    durationMs,
    openFeed: () => openWatchFeed(),
    seek: (toMs) => watch.seek(toMs).catch(() => undefined),
    hold: () => watch.hold().catch(() => undefined),
  })
  // It ends where the engine says so.
  const forget = useWatch.subscribe(({ watch: state }) => {
    if (state.state !== 'pulled') return
    if (state.pulled.phase === 'ended') playback.finish()
    else if (state.pulled.phase === 'playing') playback.again()
  })
  const destroy = playback.destroy.bind(playback)
  return Object.assign(playback, {
    destroy: () => {
      forget()
      destroy()
    },
  })
}

function positionOf({ currentTime, duration, buffered, playbackRate }: HTMLVideoElement): FilePosition {
  let loaded = currentTime
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime) loaded = Math.max(loaded, buffered.end(i))
  }
  const length = Number.isFinite(duration) ? duration : 0
  return { position: currentTime, duration: length, buffered: loaded, rate: playbackRate }
}
