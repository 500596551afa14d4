import { QrCode } from '@/features/wallet/QrCode'
import { Toggle } from '@/ui/Toggle'
import { CopyRow } from './CopyRow'
import { PlayerAddresses } from './PlayerAddresses'
import { ReaderTable } from './ReaderTable'
import { RelayReach } from './RelayReach'
import { useRelay } from './relay-store'
import { RelayTrouble } from './RelayTrouble'
import { addressesOf, megabitWords, relayHost } from './relay-words'
import './relay.css'

/** The own live on a web page: whether, for whom, where, and who watches there. */
export function BrowserSection() {
  const relay = useRelay((state) => state.relay)
  const figures = useRelay((state) => state.figures)
  const { change } = useRelay.getState()
  const { choice, show } = relay
  const host = relayHost(relay)
  const addresses = show === null ? null : addressesOf(relay, show)
  const page = addresses?.page ?? `${host?.web ?? ''}/`
  const live = figures?.lives.find(({ name }) => name === show)
  return (
    <section className="relay" aria-label="Watch in any browser">
      <Toggle label="Watch in any browser" checked={choice.on} onChange={(on) => change({ on })} />
      <p className="relay__note">
        People without WE Studio watch on a web page that this computer serves, or in a player like VLC.
      </p>
      <RelayTrouble />
      {host !== null && (
        <>
          <CopyRow label="Page" value={page} />
          {show === null && <p className="relay__note">Your live appears there as soon as you go live.</p>}
          {choice.open && relay.hosts.length > 0 && (
            <div className="relay__code">
              <QrCode text={page} label="QR code of the page" />
              <p className="relay__note">Phones in your network open the page when they scan this.</p>
            </div>
          )}
          {addresses !== null && <PlayerAddresses addresses={addresses} withPage={false} />}
          <RelayReach />
          {figures !== null && figures.roomKbps !== null && (
            <p className="relay__note" role={figures.refused > 0 ? 'status' : undefined}>
              Your upload limit leaves {megabitWords(figures.roomKbps * 1000)} for viewers here; they take{' '}
              {megabitWords(figures.takenKbps * 1000)}.
              {figures.refused > 0 && ` ${figures.refused} found no room and were asked to try later.`}
            </p>
          )}
          {figures !== null && live !== undefined && <ReaderTable readers={live.readers} bytesOut={figures.bytesOut} />}
        </>
      )}
    </section>
  )
}
