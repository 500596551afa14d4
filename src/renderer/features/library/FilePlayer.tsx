import { ArrowLeft, FileQuestion } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { IconButton } from '@/ui/IconButton'
import { useLibrary, type Playing } from './library-store'

const UNPLAYABLE = 'WE Studio plays MP4 and WebM videos, MP3, AAC, FLAC and Ogg sound, and shows JPEG and PNG pictures.'

/** A file on the stage: what is not here yet comes from others while it plays, the place that is asked for first. */
export function FilePlayer({ playing, visible }: { playing: Exclude<Playing, { state: 'none' }>; visible: boolean }) {
  const back = useLibrary((state) => state.back)
  const play = useLibrary((state) => state.play)
  const video = useRef<HTMLVideoElement>(null)
  const [broken, setBroken] = useState(false)

  useEffect(() => {
    if (!visible) video.current?.pause()
  }, [visible])

  const media = playing.state === 'playing' && !broken ? playing : null
  const message =
    playing.state === 'failed'
      ? { title: 'This file could not be opened', text: playing.message }
      : { title: 'This file cannot be shown', text: UNPLAYABLE }
  return (
    <div className="file-player">
      <header className="file-player__bar">
        <IconButton label="Back to the library" variant="glass" side="bottom" onClick={back}>
          <ArrowLeft size={18} />
        </IconButton>
        <h1>{playing.title}</h1>
      </header>
      {playing.state === 'opening' && (
        <p className="file-player__busy" role="status">
          <span className="spinner" aria-hidden="true" /> Looking for who has this file…
        </p>
      )}
      {media?.contentType.startsWith('image/') === true && (
        <img className="file-player__media" src={media.mediaUrl} alt={media.title} crossOrigin="anonymous" />
      )}
      {media?.contentType.startsWith('image/') === false && (
        <video
          ref={video}
          className="file-player__media"
          aria-label="Video of the library"
          src={media.mediaUrl}
          crossOrigin="anonymous"
          controls
          autoPlay
          onError={() => setBroken(true)}
        />
      )}
      {(playing.state === 'failed' || broken) && (
        <EmptyState
          icon={<FileQuestion size={30} strokeWidth={1.5} />}
          title={message.title}
          actions={
            <>
              <Button variant="glass" onClick={back}>
                Back to the library
              </Button>
              {playing.state === 'failed' && (
                <Button variant="glass" onClick={() => void play(playing.address, playing.title)}>
                  Try again
                </Button>
              )}
            </>
          }
        >
          <p>{message.text}</p>
        </EmptyState>
      )}
    </div>
  )
}
