import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useToasts } from '@/ui/toast-store'

/** Nothing of this account is shown any more; can be undone. */
export async function blockAccount(account: string): Promise<void> {
  const turn = (on: boolean): Promise<void> => studioClient().safety.block({ subject: `acct:${account}`, on })
  await turn(true).then(() => {
    useToasts.getState().show('info', 'Blocked.', {
      detail: 'Nothing of them is shown here any more.',
      action: 'Undo',
      run: () => void turn(false).catch(tellProblem),
    })
  }, tellProblem)
}

/** Puts it away for this person; whom to tell is asked by the dialog that takes this place. */
export function reportSubject(subject: string): void {
  studioClient()
    .safety.hide({ subject, on: true })
    .then(() => useToasts.getState().show('info', 'Put away. You will not see it again.'), tellProblem)
}
