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
    const before = useWallet.getState().wallet
    const isOther = wallet.active !== before?.active
    useWallet.setState({ wallet, ...(isOther ? { movements: [] } : {}) })
    if (wallet.active === null) return
    if (isOther || before.ledger?.key !== wallet.ledger?.key) refreshMovements(client).catch(tellProblem)
    // what came in is in the ledger's index a moment after the balance has changed, or another network is in front
    else if (moneyOf(before) !== moneyOf(wallet)) refreshSoon(client)
  }
  client.wallet.changed(show)
  client.wallet.moved((movement) => {
    const { wallet, movements } = useWallet.getState()
    if (movement.account === wallet?.active) useWallet.setState({ movements: [movement, ...movements] })
  })
  client.ledger.changed(({ sync }) => {
    if (sync.state === 'current' && useWallet.getState().wallet?.active != null) refreshSoon(client)
  })
  const wallet = (await client.wallet.getState()) as WalletView | undefined
  if (wallet !== undefined) show(wallet)
}

function moneyOf(wallet: WalletView | null): string {
  return `${wallet?.ledger?.key} ${wallet?.balance?.freeWei} ${wallet?.balance?.depositWei}`
}

const SOON_MS = 1_000
let timer: ReturnType<typeof setTimeout> | undefined

/** Once for all that changes together. */
function refreshSoon(client: StudioClient): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    refreshMovements(client).catch(() => undefined) // shown as it was
  }, SOON_MS)
}

async function refreshMovements(client: StudioClient): Promise<void> {
  useWallet.setState({ movements: await client.wallet.movements() })
}

/** Shows the wallet's own sheet, where secrets are typed. */
export function openSheet(task: SheetTask): void {
  studioClient().wallet.openSheet(task).catch(tellProblem)
}
