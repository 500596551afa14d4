import type { StudioClient } from '@shared/ipc/studio-schema'
import { startChannels } from '@/features/channel/channel-data'
import { startOwnAccount } from '@/features/channel/own-account'
import { startPeople } from '@/features/channel/person-store'
import { startPublishing } from '@/features/channel/publishing-store'
import { startBroadcastAlerts } from '@/features/gifts/broadcast-alerts'
import { startGifts } from '@/features/gifts/gift-store'
import { refreshLibrary, startLibrary } from '@/features/library/library-store'
import { startMessageNotices } from '@/features/messages/message-notices'
import { startMessages } from '@/features/messages/messages-store'
import { startSafety } from '@/features/safety/safety-store'
import { startSharing } from '@/features/share/go-to-target'
import { startSettings } from '@/features/settings/settings-store'
import { removeOnClose } from './undo-later'
import { startEffects } from '@/features/studio/effects-store'
import { startLook } from '@/features/studio/look-store'
import { browserCapture } from '@/features/studio/browser-capture'
import { previewLink } from '@/features/studio/preview-link'
import { startPictureHistory } from '@/features/studio/picture-parts'
import { startRecordings } from '@/features/studio/recording-store'
import { startRelay } from '@/features/relay/relay-store'
import { startRooms } from '@/features/rooms/room-store'
import { startScenes } from '@/features/studio/scene/scene-store'
import { startDestinations } from '@/features/studio/destinations/destination-store'
import { restoreSource, startStudio, useStudio } from '@/features/studio/studio-store'
import { startWallet } from '@/features/wallet/wallet-store'
import { refreshLives, startWatch } from '@/features/watch/watch-store'
import { useToasts } from '@/ui/toast-store'
import { followEngines } from './engine-store'
import { describeProblem } from './studio-client'

/** Joins the stores to main, once, and brings back what the person had: theme, title, beauty and the last source. */
export async function startRenderer(client: StudioClient): Promise<void> {
  const { show } = useToasts.getState()
  const tell = (error: unknown): void => show('problem', describeProblem(error).message)

  client.app.notice((notice) => show(notice.level, notice.message))
  startRecordings(client)
  startLibrary(client)
  startPeople(client)
  startOwnAccount(client)
  startChannels(client)
  startPublishing(client)
  removeOnClose()
  previewLink.listen(window)
  browserCapture.listen(window)
  const settings = await startSettings(client)
  startLook(client, settings)
  startEffects(client, settings)
  startPictureHistory()
  await Promise.all([startStudio(client, settings), startScenes(client, settings), startWatch(client)])
  startGifts(client).catch(tell)
  startBroadcastAlerts()
  startDestinations().catch(tell) // its engine may take a moment; nothing waits for it
  startRelay().catch(tell)
  startWallet(client).catch(tell)
  startSafety(client).catch(tell)
  startSharing(client)
  startMessageNotices(client)
  startMessages(client).catch(tell)
  startRooms(client)

  await followEngines(client, (engine) => {
    if (engine === 'peer') {
      refreshLives(client).catch(tell)
      refreshLibrary(client).catch(tell)
      return
    }
    if (engine !== 'media') return
    client.preview.connect().catch(tell)
    restoreSource(client).catch(tell)
    // A slow search for cameras must not hold up the picture.
    useStudio.getState().findSources().catch(tell)
  })
}
