import {
  CircleUserRound,
  Clapperboard,
  House,
  Library,
  MessageCircle,
  ScrollText,
  Settings,
  Tv,
  WalletMinimal,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { unreadOf, useMessages } from '@/features/messages/messages-store'
import { LiveTimer } from '@/features/studio/LiveTimer'
import { useStudio } from '@/features/studio/studio-store'
import { useWatch } from '@/features/watch/watch-store'
import { usePage, type Page } from './page-store'

function NavigationItem({ page, label, icon, badge }: { page: Page; label: string; icon: ReactNode; badge?: number }) {
  const current = usePage((state) => state.page === page)
  const go = usePage((state) => state.go)
  return (
    <button type="button" className="rail__item" aria-current={current ? 'page' : undefined} onClick={() => go(page)}>
      <span className="rail__icon">
        {icon}
        {badge !== undefined && badge > 0 && (
          <span className="rail__badge tabular" aria-hidden="true">
            {badge > 99 ? '99+' : badge}
          </span>
        )}
      </span>
      {label}
    </button>
  )
}

/** The rail at the left: pages, and whether the person is live wherever she is. */
export function NavigationRail() {
  const live = useStudio((state) => state.live)
  const lives = useWatch((state) => state.lives.length)
  const unread = useMessages(({ state }) => unreadOf(state))
  return (
    <nav className="rail" aria-label="Pages">
      <span className="rail__mark" aria-hidden="true">
        WE
      </span>
      <NavigationItem page="home" label="Home" icon={<House size={22} strokeWidth={1.75} />} />
      <NavigationItem page="studio" label="Studio" icon={<Clapperboard size={22} strokeWidth={1.75} />} />
      <NavigationItem page="watch" label="Watch" icon={<Tv size={22} strokeWidth={1.75} />} badge={lives} />
      <NavigationItem page="channel" label="Channel" icon={<CircleUserRound size={22} strokeWidth={1.75} />} />
      <NavigationItem
        page="messages"
        label="Messages"
        icon={<MessageCircle size={22} strokeWidth={1.75} />}
        badge={unread}
      />
      <NavigationItem page="library" label="Library" icon={<Library size={22} strokeWidth={1.75} />} />
      <NavigationItem page="wallet" label="Wallet" icon={<WalletMinimal size={22} strokeWidth={1.75} />} />
      <NavigationItem page="ledger" label="Ledger" icon={<ScrollText size={22} strokeWidth={1.75} />} />
      <span className="rail__space" />
      {live.state === 'live' && (
        <span className="rail__live">
          <span className="live-pill">LIVE</span>
          <LiveTimer startedAt={live.startedAt} decorative />
        </span>
      )}
      <NavigationItem page="settings" label="Settings" icon={<Settings size={22} strokeWidth={1.75} />} />
    </nav>
  )
}
