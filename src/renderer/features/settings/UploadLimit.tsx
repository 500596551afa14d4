import type { UplinkRoom } from '@shared/network/uplink-room'
import { useEffect, useId, useState, type SubmitEvent } from 'react'
import { Button } from '@/ui/Button'
import { Toggle } from '@/ui/Toggle'
import { followUplink, useUplink } from './uplink-store'

/** What is proposed when somebody wants a limit. */
const FIRST_KBPS = 10_000
const LEAST_MBPS = 0.1
const MOST_MBPS = 100_000

const megabits = (kbps: number): string => `${Number((kbps / 1000).toFixed(1))} Mbps`

function words({ limitKbps, needKbps }: UplinkRoom): string {
  if (limitKbps === 0) return 'No limit: others get as much as your line carries.'
  if (needKbps > limitKbps) {
    return `Your live needs ${megabits(needKbps)} by itself and gets it. Nothing else is given until it is over.`
  }
  if (needKbps > 0) return `Your live takes ${megabits(needKbps)} of it; the rest is for everything else.`
  return `At most ${megabits(limitKbps)}, all together.`
}

function Amount({ limitKbps }: { limitKbps: number }) {
  const limit = useUplink((state) => state.limit)
  const kept = String(limitKbps / 1000)
  const [text, setText] = useState(kept)
  const id = useId()
  const wanted = Number(text.trim().replace(',', '.'))
  const isWrong = !(wanted >= LEAST_MBPS && wanted <= MOST_MBPS)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!isWrong) limit(Math.round(wanted * 1000))
  }

  return (
    <form className="upload-limit" onSubmit={submit} noValidate>
      <label htmlFor={id}>At most</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        value={text}
        maxLength={8}
        autoComplete="off"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-problem` : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <span>Mbps</span>
      <Button type="submit" disabled={isWrong || Math.round(wanted * 1000) === limitKbps}>
        Use
      </Button>
      {isWrong && (
        <p id={`${id}-problem`} className="settings__warning" role="alert">
          Enter a number from {LEAST_MBPS} to {MOST_MBPS.toLocaleString('en')}.
        </p>
      )}
    </form>
  )
}

/** How much of the line others may have. */
export function UploadLimit() {
  const room = useUplink((state) => state.room)
  const limit = useUplink((state) => state.limit)
  useEffect(followUplink, [])
  const limitKbps = room?.limitKbps ?? 0
  return (
    <div className="settings__switch">
      <Toggle
        label="Limit what others get from this computer"
        checked={limitKbps > 0}
        disabled={room === null}
        onChange={(on) => limit(on ? FIRST_KBPS : 0)}
      />
      <p className="settings__hint">
        Lives that you watch are passed on, files are given, and people watch at your relay. The limit holds for all of
        it together. Your own live goes first and always gets what it needs. What you send to other services is not
        counted.
      </p>
      {limitKbps > 0 && <Amount key={limitKbps} limitKbps={limitKbps} />}
      <p className="settings__detail" role="status">
        {room === null ? '' : words(room)}
      </p>
    </div>
  )
}
