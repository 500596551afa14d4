import type { LogExchangeService } from './log-exchange-service'
import type { RoomExchangeService } from './room-exchange'

/** The one port between the community engine and the peer engine: what all parts of the community have on it. */
export interface CommunityExchangeService {
  calls: LogExchangeService['calls'] & RoomExchangeService['calls']
  events: LogExchangeService['events'] & RoomExchangeService['events']
}
