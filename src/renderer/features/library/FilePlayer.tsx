import { ArrowLeft, FileQuestion } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { IconButton } from '@/ui/IconButton'
import { useLibrary, type Playing } from './library-store'

/** The player brings hls.js along, which the start of the window need not wait for. */
const Player = lazy(() => import('@/features/watch/Player').then((module) => ({ default: module.Player })))

const UNPLAYABLE = 'WE Studio plays MP4 and WebM videos, MP3, AAC, FLAC and Ogg sound, and shows JPEG and PNG pictures.'
const BACK = 'Back to the library'

/** A file on the stage: what is not here yet comes from others while it plays, the place that is asked for first. */
export function FilePlayer({ playing, visible }: { playing: Exclude<Playing, { state: 'none' }>; visible: boolean }) {
  const back = useLibrary((state) => state.back)
  const play = useLibrary((state) => state.play)
  const [broken, setBroken] = useState(false)

  if (playing.state === 'playing' && !playing.contentType.startsWith('image/')) {
    const { cid, captions, title, mediaUrl } = playing
    return (
      <Suspense fallback={<div className="file-player" />}>
        <Player
          key={mediaUrl}
          title={title}
          subtitle={playing.contentType.startsWith('audio/') ? 'Sound of your library' : 'Video of your library'}
          source={{ kind: 'file', url: mediaUrl }}
          visible={visible}
          onBack={back}
          captions={{ files: captions, openFile: () => studioClient().library.openCaptions(cid) }}
          backLabel={BACK}
          videoLabel="Video of the library"
          brokenText={`This file cannot be shown. ${UNPLAYABLE}`}
        />
      </Suspense>
    )
  }
  const message =
    playing.state === 'failed'
      ? { title: 'This file could not be opened', text: playing.message }
      : { title: 'This file cannot be shown', text: UNPLAYABLE }
  return (
    <div className="file-player">
      <header className="file-player__bar">
        <IconButton label={BACK} variant="glass" side="bottom" onClick={back}>
          <ArrowLeft size={18} />
        </IconButton>
        <h1>{playing.title}</h1>
      </header>
      {playing.state === 'opening' && (
        <p className="file-player__busy" role="status">
          <span className="spinner" aria-hidden="true" /> Looking for who has this file…
        </p>
      )}
      {playing.state === 'playing' && !broken && (
        <img
          className="file-player__media"
          src={playing.mediaUrl}
          alt={playing.title}
          crossOrigin="anonymous"
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
                {BACK}
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
