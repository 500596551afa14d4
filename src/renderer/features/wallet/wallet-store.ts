import type { MovementView, WalletView } from '@shared/ipc/wallet-schema'
import type { StudioClient } from '@shared/ipc/studio-schema'
import type { SheetTask } from '@shared/wallet/sheet'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

interface WalletPageState {
  /** Null until main has said. */
  wallet: WalletView | null
  /** Newest first; of the account that is active. */
  movements: readonly MovementView[]
}

export const useWallet = create<WalletPageState>()(() => ({ wallet: null, movements: [] }))

/** The account that is in use; null while there is none. */
export function activeAccount(wallet: WalletView | null): WalletView['accounts'][number] | null {
  return wallet?.accounts.find(({ address }) => address === wallet.active) ?? null
}

/** Follows main. */
export async function startWallet(client: StudioClient): Promise<void> {
  const show = (wallet: WalletView): void => {
    const isOther = wallet.active !== useWallet.getState().wallet?.active
    useWallet.setState({ wallet, ...(isOther ? { movements: [] } : {}) })
    if (isOther && wallet.active !== null) refreshMovements(client).catch(tellProblem)
  }
  client.wallet.changed(show)
  client.wallet.moved((movement) => {
    const { wallet, movements } = useWallet.getState()
    if (movement.account === wallet?.active) useWallet.setState({ movements: [movement, ...movements] })
  })
  const wallet = (await client.wallet.getState()) as WalletView | undefined
  if (wallet !== undefined) show(wallet)
}

async function refreshMovements(client: StudioClient): Promise<void> {
  useWallet.setState({ movements: await client.wallet.movements() })
}

/** Shows the wallet's own sheet, where secrets are typed. */
export function openSheet(task: SheetTask): void {
  studioClient().wallet.openSheet(task).catch(tellProblem)
}
