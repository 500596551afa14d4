import { identify, type Identify, type IdentifyComponents } from '@libp2p/identify'
import type { Connection } from '@libp2p/interface'

/** About what a viewer takes from the first dial to the first picture. */
const DIALLED_MS = 300

/**
 * Identification of libp2p, which by default runs on both sides the moment a connection opens and then stands in the way of
 * what the connection was opened for (20 to 40 ms of a viewer's start, by signatures, records and stores). Who was dialled
 * asks at once, since it must know where to send others; who dialled knows that already, and asks a moment later while
 * somebody waits for a first picture.
 * @param isHurried whether somebody does
 */
export function patientIdentify(isHurried: () => boolean): (components: IdentifyComponents) => Identify {
  const create = identify({ runOnConnectionOpen: false })
  return (components) => {
    const service = create(components)
    const ask = (connection: Connection): void => {
      if (connection.status === 'open') service.identify(connection).catch(() => undefined)
    }
    components.events.addEventListener('connection:open', ({ detail: connection }) => {
      if (connection.direction === 'inbound' || !isHurried()) ask(connection)
      else setTimeout(() => ask(connection), DIALLED_MS).unref()
    })
    return service
  }
}
