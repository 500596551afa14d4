import { draftMediaUrl, type VideoDraft } from '@shared/publishing/video-draft'
import { Pause, Play } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { byteWords } from '@/features/library/byte-words'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useChannelData } from './channel-data'
import { lengthWords } from './channel-words'
import { DetailsFields } from './DetailsFields'
import { draftWords } from './draft-words'
import { changeDetails, discardDraft, openDraft, publishDraft, stopPublishing, usePublishing } from './publishing-store'
import '@/ui/slider.css'
import './channel.css'

/** The draft that is open: preview, cover, what is said of it. Closing keeps it. */
export function PublishDialog() {
  const { drafts, open } = usePublishing()
  const draft = drafts.find(({ id }) => id === open)
  return draft === undefined ? null : <Dialog key={draft.id} draft={draft} />
}

function Dialog({ draft }: { draft: VideoDraft }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const details = usePublishing((state) => state.typed.get(draft.id)) ?? draft.details
  const problem = usePublishing((state) => state.problem)
  const id = useId()
  const { now } = draft
  const isPublishing = now.state === 'publishing'

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  return (
    <dialog ref={dialog} className="publish" aria-labelledby={id} onClose={() => openDraft(null)}>
      <form
        method="dialog"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void publishDraft(draft)
        }}
      >
        <h2 id={id}>Publish a video</h2>
        <div className="publish__body">
          <div className="publish__side">
            <Preview draft={draft} coverMs={details.coverMs} />
            <p className="publish__file">
              {draft.fileName}
              {draft.facts !== null && (
                <span className="tabular">
                  {` · ${lengthWords(draft.facts.durMs)} · ${draft.facts.w} × ${draft.facts.h} · ${byteWords(draft.facts.size)}`}
                </span>
              )}
            </p>
            <ChannelField draft={draft} />
            <p className="publish__note">
              Everybody can watch it, and whoever has watched it may keep a copy and give it on. You can change the
              words and delete it later.
            </p>
          </div>
          <DetailsFields
            details={details}
            disabled={isPublishing || now.state === 'refused'}
            titleProblem={problem !== null && details.title.trim() === '' ? problem : null}
            onChange={(change) => changeDetails(draft, change)}
          />
        </div>
        <div className="publish__foot">
          <div className="publish__state" role="status">
            {problem !== null ? (
              <span className="channel__problem">{problem}</span>
            ) : (
              <>
                <span className={now.state === 'refused' ? 'channel__problem' : undefined}>{draftWords(now)}</span>
                {'done' in now && <progress value={now.done} aria-label={draftWords(now)} />}
              </>
            )}
          </div>
          <Button variant="quiet" disabled={isPublishing} onClick={() => discardDraft(draft.id)}>
            Discard
          </Button>
          {isPublishing ? (
            <Button onClick={() => stopPublishing(draft.id)}>Stop</Button>
          ) : (
            <Button onClick={() => dialog.current?.close()}>Keep as draft</Button>
          )}
          <Button type="submit" variant="accent" busy={isPublishing} disabled={now.state !== 'ready'}>
            Publish
          </Button>
        </div>
      </form>
    </dialog>
  )
}

/** The video, and the slider by which its cover is chosen. */
function Preview({ draft, coverMs }: { draft: VideoDraft; coverMs: number }) {
  const video = useRef<HTMLVideoElement>(null)
  const [playing, setPlaying] = useState(false)
  const id = useId()
  const { now, facts } = draft
  const isThere = facts !== null && (now.state === 'ready' || now.state === 'publishing')

  // while it stands, it shows what the cover will be
  useEffect(() => {
    if (isThere && !playing && video.current !== null) video.current.currentTime = coverMs / 1000
  }, [isThere, playing, coverMs])

  if (!isThere) {
    return (
      <div className="publish__preview" data-state={now.state}>
        {now.state === 'refused' ? (
          <p>{now.message}</p>
        ) : (
          <span className="spinner spinner--large" aria-hidden="true" />
        )}
      </div>
    )
  }
  const { durMs } = facts
  const toggle = (): void => {
    if (video.current === null) return
    if (video.current.paused) void video.current.play()
    else video.current.pause()
  }
  return (
    <>
      <div className="publish__preview">
        <video
          ref={video}
          src={draftMediaUrl(draft.id)}
          aria-label="Preview of the video"
          preload="auto"
          playsInline
          onLoadedMetadata={(event) => (event.currentTarget.currentTime = coverMs / 1000)}
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
        />
        <span className="publish__play">
          <IconButton label={playing ? 'Pause' : 'Play'} variant="glass" onClick={toggle}>
            {playing ? <Pause size={18} /> : <Play size={18} />}
          </IconButton>
        </span>
      </div>
      <div className="slider cover-slider">
        <label className="slider__label" htmlFor={id}>
          Cover: the picture at
        </label>
        <output className="slider__value tabular" htmlFor={id} aria-hidden="true">
          {lengthWords(coverMs)}
        </output>
        <input
          id={id}
          type="range"
          min={0}
          max={durMs}
          step={Math.max(1, Math.round(durMs / 200))}
          value={coverMs}
          disabled={now.state === 'publishing'}
          aria-valuetext={lengthWords(coverMs)}
          style={{ '--fill-from': '0%', '--fill': `${(coverMs / durMs) * 100}%` }}
          onChange={(event) => {
            video.current?.pause()
            changeDetails(draft, { coverMs: Number(event.currentTarget.value) })
          }}
        />
      </div>
    </>
  )
}

/** Into which of several channels it goes. */
function ChannelField({ draft }: { draft: VideoDraft }) {
  const channels = useChannelData((state) => state.channels)
  const id = useId()
  const own = channels.filter(({ account }) => draft.channel.startsWith(`chan:${account}/`))
  if (own.length < 2) return null
  return (
    <div className="field">
      <label htmlFor={id}>Channel</label>
      <select
        id={id}
        value={draft.channel}
        onChange={(event) => {
          const channel = event.currentTarget.value
          studioClient().publishing.setChannel({ id: draft.id, channel }).catch(tellProblem)
        }}
      >
        {own.map(({ subject, body }) => (
          <option key={subject} value={subject}>
            {body.title}
          </option>
        ))}
      </select>
    </div>
  )
}
