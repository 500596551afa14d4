import { Toggle } from '@/ui/Toggle'
import { CopyRow } from './CopyRow'
import { IncomingLive } from './IncomingLive'
import { KeyMaker } from './KeyMaker'
import { RelayReach } from './RelayReach'
import { useRelay } from './relay-store'
import { RelayTrouble } from './RelayTrouble'
import { relayHost } from './relay-words'
import './relay.css'

/** Lives of other programs: where they send, with which key, what comes in and what is made of it. */
export function IncomingSection() {
  const relay = useRelay((state) => state.relay)
  const lives = useRelay((state) => state.figures?.lives) ?? []
  const { change } = useRelay.getState()
  const { choice } = relay
  const host = relayHost(relay)
  return (
    <section aria-labelledby="settings-relay">
      <h2 id="settings-relay">Relay</h2>
      <div className="settings__card relay__card">
        <div className="relay__part">
          <Toggle label="Take lives from OBS, serve browsers" checked={choice.on} onChange={(on) => change({ on })} />
          <p className="relay__note">
            OBS, ffmpeg or a camera sends to this computer by RTMP or WHIP, and people watch in a browser or any player.
            Your own lives are served there too.
          </p>
          <RelayTrouble />
        </div>
        {host !== null && (
          <>
            <div className="relay__part">
              <RelayReach />
            </div>
            <div className="relay__part">
              <CopyRow label="RTMP server" value={host.rtmp} note="OBS, ffmpeg, cameras and most other programs." />
              <CopyRow
                label="WHIP server"
                value={`${host.web}/whip`}
                note="WebRTC, for programs that have WHIP: OBS from version 30. The stream key is their bearer token."
              />
              <KeyMaker />
            </div>
            <div className="relay__part">
              <h3 id="relay-lives">On the relay now</h3>
              {lives.length === 0 ? (
                <p className="relay__note">
                  Nothing yet. In OBS open Settings, Stream, choose Custom and paste the RTMP server, or choose WHIP and
                  paste the WHIP server; then a stream key from above, and start streaming.
                </p>
              ) : (
                <ul className="relay__lives" aria-labelledby="relay-lives">
                  {lives.map((live) => (
                    <IncomingLive key={live.name} live={live} />
                  ))}
                </ul>
              )}
            </div>
            <div className="relay__part">
              <Toggle
                label="Record lives that come in"
                checked={choice.record}
                onChange={(record) => change({ record })}
              />
              <Toggle
                label="Make a smaller copy for slow lines"
                checked={choice.smallerCopy}
                onChange={(smallerCopy) => change({ smallerCopy })}
              />
              <p className="relay__note">
                The smaller copy costs processor time. Changes here restart the relay: lives that come in connect again
                by themselves.
              </p>
            </div>
          </>
        )}
      </div>
    </section>
  )
}
