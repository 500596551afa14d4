import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useToasts } from '@/ui/toast-store'
import { useSafety } from './safety-store'

type Way = 'block' | 'mute' | 'hide'

const RULE = { block: 'blocked', mute: 'muted', hide: 'hidden' } as const

/** At once here, then in main; back with words when main refuses. Never rejects. */
async function turn(way: Way, subject: string, on: boolean): Promise<boolean> {
  const before = useSafety.getState().rules
  const name = RULE[way]
  const others = before[name].filter((one) => one !== subject)
  useSafety.setState({ rules: { ...before, [name]: on ? [...others, subject] : others } })
  try {
    await studioClient().safety[way]({ subject, on })
    return true
  } catch (error) {
    useSafety.setState({ rules: before })
    tellProblem(error)
    return false
  }
}

async function withUndo(way: Way, subject: string, message: string, detail: string): Promise<void> {
  if (!(await turn(way, subject, true))) return
  useToasts.getState().show('info', message, { detail, action: 'Undo', run: () => void turn(way, subject, false) })
}

/** Nothing of this account (`0x...`) is shown any more, and it may not take part in what is one's own. */
export function blockAccount(account: string): Promise<void> {
  return withUndo(
    'block',
    `acct:${account}`,
    'Blocked.',
    'You see nothing of them, and they are kept out of your rooms and messages. They are not told.',
  )
}

/** Keeps an account (`0x...`) out of lists and feeds. */
export function muteAccount(account: string): Promise<void> {
  return withUndo('mute', `acct:${account}`, 'Muted.', 'They are left out of what you see. They are not told.')
}

/** Puts a single thing away: a video, a live, a comment, a channel. */
export function hideSubject(subject: string): Promise<void> {
  return withUndo('hide', subject, 'Put away.', 'You will not see it again. Settings has all that you put away.')
}

/** Shows again what was blocked, muted or hidden. */
export async function showAgain(way: Way, subject: string): Promise<void> {
  await turn(way, subject, false)
}

/** Asks what is wrong and whom to tell, then sends it sealed. */
export function reportSubject(subject: string): void {
  useSafety.setState({ reporting: subject })
}
