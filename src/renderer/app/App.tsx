import { useEffect } from 'react'
import { ChannelPage } from '@/features/channel/ChannelPage'
import { PublishDialog } from '@/features/channel/PublishDialog'
import { GiftPaints } from '@/features/gifts/art/GiftPaints'
import { HomePage } from '@/features/home/HomePage'
import { LedgerPage } from '@/features/ledger/LedgerPage'
import { LibraryPage } from '@/features/library/LibraryPage'
import { MessagesPage } from '@/features/messages/MessagesPage'
import { SettingsPage } from '@/features/settings/SettingsPage'
import { useSettings } from '@/features/settings/settings-store'
import { ListPreview } from '@/features/safety/ListPreview'
import { ReportDialog } from '@/features/safety/ReportDialog'
import { ShareSheet } from '@/features/share/ShareSheet'
import { LiveAnnouncer } from '@/features/studio/LiveAnnouncer'
import { StudioPage } from '@/features/studio/StudioPage'
import { OnboardingBar } from '@/features/wallet/OnboardingBar'
import { WalletPage } from '@/features/wallet/WalletPage'
import { WatchPage } from '@/features/watch/WatchPage'
import { Toaster } from '@/ui/Toaster'
import { EngineBanner } from './EngineBanner'
import { NavigationRail } from './NavigationRail'
import { usePage } from './page-store'
import './app.css'

/** The shell: rail, the page in front, messages. All pages stay mounted; the hidden ones rest. */
export function App() {
  const page = usePage((state) => state.page)
  const theme = useSettings((state) => state.settings.theme)

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])

  return (
    <div className="shell">
      <GiftPaints />
      <NavigationRail />
      <main className="shell__main">
        <EngineBanner />
        <OnboardingBar />
        <div className="shell__pages">
          <div className="shell__page" hidden={page !== 'home'}>
            <HomePage visible={page === 'home'} />
          </div>
          <div className="shell__page" hidden={page !== 'studio'}>
            <StudioPage visible={page === 'studio'} />
          </div>
          <div className="shell__page" hidden={page !== 'watch'}>
            <WatchPage visible={page === 'watch'} />
          </div>
          <div className="shell__page" hidden={page !== 'channel'}>
            <ChannelPage visible={page === 'channel'} />
          </div>
          <div className="shell__page" hidden={page !== 'messages'}>
            <MessagesPage visible={page === 'messages'} />
          </div>
          <div className="shell__page" hidden={page !== 'library'}>
            <LibraryPage visible={page === 'library'} />
          </div>
          <div className="shell__page" hidden={page !== 'wallet'}>
            <WalletPage />
          </div>
          <div className="shell__page" hidden={page !== 'ledger'}>
            <LedgerPage visible={page === 'ledger'} />
          </div>
          <div className="shell__page" hidden={page !== 'settings'}>
            <SettingsPage />
          </div>
          <Toaster />
        </div>
      </main>
      <PublishDialog />
      <LiveAnnouncer />
      <ShareSheet />
      <ReportDialog />
      <ListPreview />
    </div>
  )
}
