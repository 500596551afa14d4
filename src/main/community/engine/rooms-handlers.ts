import { StudioError } from '@shared/errors'
import type { CommunityHandlers } from '@shared/ipc/community-schema'

export function roomsHandlers(): CommunityHandlers['rooms'] {
  const missing = (): never => {
    throw new StudioError('no-rooms', 'Rooms are not open yet.')
  }
  return { open: missing, leave: missing, say: missing }
}
