import { studioClient } from '@/app/studio-client'
import { useToasts } from '@/ui/toast-store'

/** Placeholder of the safety feature: blocks an account. */
export async function blockAccount(account: string): Promise<void> {
  await studioClient().safety.block({ subject: `acct:${account}`, on: true })
  useToasts.getState().show('info', 'Blocked. You see nothing of them any more.')
}
