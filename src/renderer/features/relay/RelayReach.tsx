import { Segmented } from '@/ui/Segmented'
import { OutsideAddress } from './OutsideAddress'
import { useRelay } from './relay-store'
import './relay.css'

const REACH = [
  { value: 'own', label: 'Only this computer' },
  { value: 'network', label: 'My network' },
] as const

/** Who can reach the relay, and what that means. */
export function RelayReach() {
  const { choice, status, hosts } = useRelay((state) => state.relay)
  const { change } = useRelay.getState()
  const isAlone = choice.open && status.state === 'on' && hosts.length === 0
  return (
    <div className="relay__reach">
      <Segmented
        label="Who can reach it"
        segments={REACH}
        value={choice.open ? 'network' : 'own'}
        disabled={status.state === 'starting'}
        onChange={(value) => change({ open: value === 'network' })}
      />
      <p className="relay__note">
        {choice.open
          ? 'Everyone in your network who has the address can watch, without a password. Sending needs a stream key. The internet stays out unless your router lets it in. Your firewall may ask you to allow it. Viewers with WE Studio whom other viewers cannot serve get your live from here too.'
          : 'Nobody else can open it. Good for trying it out, and for OBS on this computer.'}
      </p>
      {choice.open && <OutsideAddress />}
      {isAlone && <p className="relay__note">This computer is in no network at the moment.</p>}
    </div>
  )
}
