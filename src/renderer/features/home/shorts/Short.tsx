import { Eye, LockKeyhole, Play, RotateCcw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Why } from '@shared/community/for-you'
import { fileMediaUrl } from '@shared/storage/file-media-url'
import { studioClient } from '@/app/studio-client'
import { useWatch } from '@/features/watch/watch-store'
import { Button } from '@/ui/Button'
import { veilWords } from '../home-words'
import { useItem, useItems, useVeiled } from '../item-store'
import { ActionColumn } from './ActionColumn'
import { pickVariant } from './pick-variant'
import { ShortCaption } from './ShortCaption'
import { ShortProgress } from './ShortProgress'
import { seekTo, setSound } from './video-element'
import { watchedShare } from './watched-share'

/** A glance on the way to another one says nothing about it. */
const GLANCE_MS = 500
/** A stall shorter than this is not worth a mark, ms. */
const STALL_MS = 350

interface ShortProps {
  id: string
  /** -1: the one before, 0: in front, 1: the next, which is made ready. */
  place: -1 | 0 | 1
  /** The player itself is in front and not held. */
  playing: boolean
  why: Why | undefined
  onToggle: () => void
  /** The element of the one in front. */
  onVideo: (video: HTMLVideoElement | null) => void
}

/** One video of the feed with all that belongs to it; those beside it are loaded and stand still. */
export function Short({ id, place, playing, why, onToggle, onVideo }: ShortProps) {
  const card = useItem(id)
  const veiled = useVeiled(card)
  const unveil = useItems((state) => state.unveil)
  const volume = useWatch((state) => state.volume)
  const muted = useWatch((state) => state.muted)
  const [video, setVideo] = useState<HTMLVideoElement | null>(null)
  const [stalled, setStalled] = useState(false)
  const [broken, setBroken] = useState(false)
  const isFront = place === 0
  const runs = isFront && playing && !veiled
  const source = why?.source

  useEffect(() => {
    if (isFront) onVideo(video)
  }, [isFront, video, onVideo])

  useEffect(() => {
    if (video === null) return
    setSound(video, volume, muted)
  }, [video, volume, muted])

  useEffect(() => {
    if (video === null) return
    if (runs)
      video.play().catch(() => undefined) // overtaken by a pause
    else video.pause()
  }, [video, runs])

  // what was seen of it is noted when it goes out of front
  useEffect(() => {
    if (video === null || !isFront || veiled) return
    const begunAt = performance.now()
    return () => {
      const share = watchedShare(video)
      if (performance.now() - begunAt >= GLANCE_MS && video.readyState > 0) {
        studioClient()
          .forYou.noteWatched({ subject: id, share, source })
          .catch(() => undefined) // nothing is lost but a hint
      }
      seekTo(video, 0)
    }
  }, [video, isFront, veiled, id, source])

  useEffect(() => {
    if (video === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => setStalled(true), STALL_MS)
    }
    const go = (): void => {
      clearTimeout(timer)
      setStalled(false)
    }
    video.addEventListener('waiting', stop)
    video.addEventListener('playing', go)
    video.addEventListener('canplay', go)
    return () => {
      clearTimeout(timer)
      video.removeEventListener('waiting', stop)
      video.removeEventListener('playing', go)
      video.removeEventListener('canplay', go)
    }
  }, [video])

  if (card === null || card.kind !== 'video') {
    return (
      <div className="short" data-place={place} inert={!isFront}>
        <p className="short__gone">This video is no longer here. Go on to the next one.</p>
      </div>
    )
  }
  const { body } = card
  const variant = pickVariant(body.variants, Math.max(window.innerHeight, 480) * window.devicePixelRatio)
  const poster = body.thumb === undefined ? undefined : fileMediaUrl(body.thumb)
  const locked = body.paid !== undefined
  return (
    <div className="short" data-place={place} inert={!isFront} aria-hidden={!isFront || undefined}>
      <div className="short__frame" style={{ '--ratio': body.w / body.h }}>
        {poster !== undefined && (
          <img className="short__poster" src={poster} alt="" data-veiled={veiled || undefined} />
        )}
        {!veiled && !broken && !locked && (
          <video
            ref={setVideo}
            className="short__video"
            aria-label={body.title}
            src={fileMediaUrl(variant.cid)}
            preload="auto"
            loop
            playsInline
            crossOrigin="anonymous"
            onClick={onToggle}
            onError={() => setBroken(true)}
          />
        )}
        {veiled && (
          <div className="short__message">
            <strong>{veilWords(card.veil?.label ?? '')}</strong>
            <p>
              {card.veil?.by === card.account ? 'Its author warns of it.' : 'Somebody whose word you heed marked it.'}
            </p>
            <Button variant="glass" icon={<Eye size={16} />} onClick={() => unveil(id)}>
              Show it
            </Button>
          </div>
        )}
        {locked && (
          <div className="short__message">
            <LockKeyhole size={28} strokeWidth={1.5} />
            <strong>Only buyers can open this video</strong>
          </div>
        )}
        {broken && (
          <div className="short__message" role="alert">
            <strong>Nobody who has this video is connected</strong>
            <p>It plays as soon as one of them is. What you have watched before plays without anybody.</p>
            <Button variant="glass" icon={<RotateCcw size={16} />} onClick={() => setBroken(false)}>
              Try again
            </Button>
          </div>
        )}
        {isFront && stalled && !broken && !veiled && (
          <span className="spinner spinner--large short__stall" role="status" aria-label="Loading" />
        )}
        {isFront && !playing && !veiled && !broken && !locked && (
          <span className="short__paused" aria-hidden="true">
            <Play size={40} fill="currentColor" />
          </span>
        )}
        <ShortCaption card={card} why={why} />
        {!veiled && !broken && !locked && <ShortProgress video={video} />}
        <ActionColumn card={card} why={why} />
      </div>
    </div>
  )
}
