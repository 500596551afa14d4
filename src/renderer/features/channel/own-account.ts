import type { CommunityState } from '@shared/ipc/community/community-schema'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { useWallet } from '@/features/wallet/wallet-store'

interface OwnAccountState {
  /** The account that this device speaks for in the community; null: none yet. */
  granted: string | null
}

export const useOwnAccountState = create<OwnAccountState>()(() => ({ granted: null }))

/** The person's account, `0x...`: also one that has said nothing yet. Null: they have none. */
export function useOwnAccount(): string | null {
  const granted = useOwnAccountState((state) => state.granted)
  const active = useWallet((state) => state.wallet?.active ?? null)
  return active ?? granted
}

/** The same outside components. */
export function ownAccount(): string | null {
  return useWallet.getState().wallet?.active ?? useOwnAccountState.getState().granted
}

/** Follows the community. */
export function startOwnAccount(client: StudioClient): void {
  client.community.stateChanged(({ me }) => useOwnAccountState.setState({ granted: me }))
  void client.community.getState().then(
    (state: CommunityState | undefined) => useOwnAccountState.setState({ granted: state?.me ?? null }),
    () => undefined, // `stateChanged` tells when it is there
  )
}
