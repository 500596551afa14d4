import { EntryAddress, PUBLIC_NETWORK_OFF, type PublicNetworkState } from '@shared/network/public-network'
import { useEffect, useId, useState, type SubmitEvent } from 'react'
import { Button } from '@/ui/Button'
import { Toggle } from '@/ui/Toggle'
import { UploadLimit } from './UploadLimit'
import { followPublicNetwork, usePublicNetwork } from './public-network-store'

function words({ wanted, state, message, nodes, announced, toAnnounce }: PublicNetworkState): string {
  const name = wanted.bootstrap.length > 0 ? 'your own network' : 'the public network'
  switch (state) {
    case 'off':
      return 'Off. Only people in your local network, or with your link, reach this computer.'
    case 'waiting':
      return 'This restarts the network part, so it waits until your live, what you watch and what is being transferred are over.'
    case 'switching':
      return 'Restarting the network part…'
    case 'joining':
      return `On. Looking for ${name}…`
    case 'on':
      return `On. ${nodes} ${nodes === 1 ? 'computer' : 'computers'} of ${name} known, ${announced} of ${toAnnounce} pinned files announced.`
    case 'failed':
      return `It could not be switched on: ${message} Switch it off and on to try again.`
  }
}

/** Entry points, one to a line. */
function OwnNetwork({ network }: { network: PublicNetworkState }) {
  const choose = usePublicNetwork((state) => state.choose)
  const saved = network.wanted.bootstrap.join('\n')
  const [text, setText] = useState(saved)
  const id = useId()
  const list = text.split(/\s+/).filter((line) => line !== '')
  const wrong = list.find((line) => !EntryAddress.safeParse(line).success)
  const problem =
    wrong !== undefined ? `"${wrong}" is no address with a peer id.` : list.length > 20 ? 'At most 20.' : ''

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (problem === '') choose({ ...network.wanted, bootstrap: list })
  }

  return (
    <details className="settings__more" open={saved !== ''}>
      <summary>Use a network of your own instead</summary>
      <form onSubmit={submit}>
        <label htmlFor={id}>
          Entry points, one to a line
          <span className="settings__hint">
            Then only computers that enter there find each other, and the public network is not joined
          </span>
        </label>
        <textarea
          id={id}
          rows={3}
          spellCheck={false}
          maxLength={7000}
          placeholder="/ip4/203.0.113.5/tcp/4001/p2p/12D3Koo…"
          aria-invalid={problem !== ''}
          aria-describedby={`${id}-problem`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <p id={`${id}-problem`} className="settings__warning" role="status">
          {problem}
        </p>
        <Button type="submit" disabled={problem !== '' || list.join('\n') === saved}>
          Save entry points
        </Button>
      </form>
    </details>
  )
}

/** Whether strangers may find this computer. */
export function NetworkSection() {
  const network = usePublicNetwork((state) => state.network)
  const choose = usePublicNetwork((state) => state.choose)
  useEffect(followPublicNetwork, [])
  const wanted = network?.wanted ?? PUBLIC_NETWORK_OFF
  return (
    <section aria-labelledby="settings-network">
      <h2 id="settings-network">Network</h2>
      <div className="settings__card">
        <UploadLimit />
        <div className="settings__switch">
          <Toggle
            label="Public IPFS network"
            checked={wanted.enabled}
            disabled={network === null}
            onChange={(enabled) => choose({ ...wanted, enabled })}
          />
          <p className="settings__hint">
            Your internet address becomes visible to strangers, and everybody can find the files that you publish or pin
            by their CID and fetch them from you. In return you find files of others from anywhere.
          </p>
          <p className="settings__detail" role="status">
            {network === null ? 'The network part is starting…' : words(network)}
          </p>
        </div>
        {network !== null && <OwnNetwork network={network} />}
      </div>
    </section>
  )
}
