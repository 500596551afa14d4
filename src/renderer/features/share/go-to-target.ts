import type { OpenedTarget } from '@shared/ipc/sharing-schema'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { usePage } from '@/app/page-store'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { openChannel } from '@/features/channel/channel-store'
import { previewList } from '@/features/safety/safety-store'
import { useWatch } from '@/features/watch/watch-store'

/** Goes to the page of what a link leads to. */
export function goToTarget(target: OpenedTarget): void {
  const { go } = usePage.getState()
  switch (target.type) {
    case 'item':
      go('home')
      return
    case 'person':
      openChannel(target.account)
      return
    case 'channel':
      openChannel(target.account, target.slug)
      return
    case 'list':
      previewList(target.id)
      return
    case 'live':
      go('watch')
      void useWatch.getState().open(target.url)
  }
}

/** Opens a link of ours that was typed or pasted; who sent it is kept. False: it is none of ours. */
export async function openLink(text: string): Promise<boolean> {
  const target = await studioClient().sharing.read(text)
  if (target == null) return false
  goToTarget(target)
  return true
}

/** Follows links that the system hands on, the one that the app was started with included. */
export function startSharing(client: StudioClient): void {
  client.sharing.opened(goToTarget)
  client.sharing.started().then((target) => {
    if (target != null) goToTarget(target)
  }, tellProblem)
}
