import type { CommunityHandlers } from '@shared/ipc/community-schema'

export function messagesHandlers(): CommunityHandlers['messages'] {
  return { getState: () => ({ ready: false, conversations: [] }) }
}
