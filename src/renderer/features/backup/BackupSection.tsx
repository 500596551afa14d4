import { useEffect } from 'react'
import { Button } from '@/ui/Button'
import { followBackup, useBackup } from './backup-store'
import { RestoreDialog } from './RestoreDialog'
import './backup.css'

const DOING = {
  making: 'Making the backup',
  looking: 'Reading the backup and checking every entry',
  restoring: 'Restoring',
  signing: 'Signing events',
} as const

function Progress() {
  const running = useBackup((state) => state.running)
  const cancel = useBackup((state) => state.cancel)
  if (running === null) return null
  const { what, done } = running
  return (
    <div className="settings__switch">
      <div className="backup__progress">
        <span>{DOING[what]}…</span>
        <progress aria-label={DOING[what]} value={done} max={1} />
        <Button className="button--small" onClick={cancel}>
          Cancel
        </Button>
      </div>
      {what === 'restoring' && (
        <p className="settings__hint">What has come back until you cancel stays; restoring again goes on from there.</p>
      )}
    </div>
  )
}

/** Everything that this person said: out of this computer and back. */
export function BackupSection() {
  const isBusy = useBackup((state) => state.running !== null)
  const said = useBackup((state) => state.said)
  const { make, look, nostr } = useBackup.getState()
  useEffect(followBackup, [])
  return (
    <section aria-labelledby="settings-data">
      <h2 id="settings-data">Your data</h2>
      <div className="settings__card">
        <div className="settings__choice">
          <div>
            <p>Backup file</p>
            <p className="settings__hint">
              Your profile, channels, videos’ pages, comments, likes, follows and room messages, signed as they are, in
              one file (CAR). Not in it: your account’s keys (Wallet), private messages, and the video files (Library).
            </p>
          </div>
          <Button disabled={isBusy} onClick={make}>
            Make a backup…
          </Button>
        </div>
        <div className="settings__choice">
          <div>
            <p>Restore</p>
            <p className="settings__hint">
              You see what a backup holds before anything is taken in. What is here already stays as it is.
            </p>
          </div>
          <Button disabled={isBusy} onClick={look}>
            Restore from a file…
          </Button>
        </div>
        <div className="settings__choice">
          <div>
            <p>Nostr</p>
            <p className="settings__hint">
              What you said as signed Nostr events, one to a line, for relays that you pick. Nothing is sent.
            </p>
          </div>
          <Button disabled={isBusy} onClick={nostr}>
            Export events…
          </Button>
        </div>
        <Progress />
        <p
          className={said?.level === 'problem' ? 'backup__said settings__warning' : 'backup__said settings__detail'}
          role={said?.level === 'problem' ? 'alert' : 'status'}
        >
          {said?.words}
        </p>
      </div>
      <RestoreDialog />
    </section>
  )
}
