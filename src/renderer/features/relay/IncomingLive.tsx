import type { RelayFiguresPayload } from '@shared/ipc/studio-schema'
import { PlayerAddresses } from './PlayerAddresses'
import { useRelay } from './relay-store'
import { addressesOf, megabitWords, watching } from './relay-words'
import './relay.css'

/** One live on the relay: how it goes, and where players find it. */
export function IncomingLive({ live }: { live: RelayFiguresPayload['lives'][number] }) {
  const relay = useRelay((state) => state.relay)
  const addresses = addressesOf(relay, live.name)
  return (
    <li className="incoming">
      <p className="incoming__name">
        <span className="incoming__lamp" data-sending={live.sending} aria-hidden="true" />
        {live.title}
        {live.name === relay.show && <span className="relay__note">Your own live</span>}
      </p>
      <p className="relay__note">
        {live.sending
          ? `Live · ${megabitWords(live.bitsPerSecond)} · ${watching(live.readers)} watching`
          : 'Its program is away. The live waits a few seconds for it.'}
      </p>
      {addresses !== null && <PlayerAddresses addresses={addresses} withPage />}
    </li>
  )
}
