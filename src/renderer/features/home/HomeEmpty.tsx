import { Compass, Radio, UserRoundPlus, UsersRound, WifiOff } from 'lucide-react'
import { usePage } from '@/app/page-store'
import { openSheet } from '@/features/wallet/wallet-store'
import { openChannel } from '@/features/channel/channel-store'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { useActs } from './act-store'
import { useHome } from './home-store'

const ICON = { size: 30, strokeWidth: 1.5 }

/** A list with nothing in it: what comes here, and what brings it. */
export function HomeEmpty() {
  const { tab, category, problem, choose } = useHome()
  const me = useActs((state) => state.me)
  const go = usePage((state) => state.go)
  const again = <Button onClick={() => choose(tab, category)}>Try again</Button>

  if (problem !== null) {
    return (
      <EmptyState icon={<WifiOff {...ICON} />} title="Home cannot be read now" actions={again}>
        <p>{problem}</p>
      </EmptyState>
    )
  }
  if (tab === 'following' && me === null) {
    return (
      <EmptyState
        icon={<UserRoundPlus {...ICON} />}
        title="Follow people with an account of your own"
        actions={
          <Button variant="accent" onClick={() => openSheet('create')}>
            Make account
          </Button>
        }
      >
        <p>
          It takes a name and a passphrase, nothing else. What the people you follow publish comes here, newest first.
        </p>
        <p>Watching needs no account: see what is popular meanwhile.</p>
      </EmptyState>
    )
  }
  if (tab === 'following') {
    return (
      <EmptyState
        icon={<UsersRound {...ICON} />}
        title="You follow nobody with videos yet"
        actions={<Button onClick={() => choose('popular')}>See what is popular</Button>}
      >
        <p>Press Follow beside a video or on a channel: all they publish comes here, newest first, and nothing else.</p>
        <p>Their videos are then also kept up to date while you are away, and found by those who follow you.</p>
      </EmptyState>
    )
  }
  if (tab === 'lives') {
    return (
      <EmptyState
        icon={<Radio {...ICON} />}
        title="Nobody is live now"
        actions={<Button onClick={() => go('studio')}>Go live yourself</Button>}
      >
        <p>Lives of people nearby and of those you follow appear here by themselves.</p>
      </EmptyState>
    )
  }
  if (category !== null) {
    return (
      <EmptyState
        icon={<Compass {...ICON} />}
        title="Nothing in this category yet"
        actions={<Button onClick={() => choose(tab)}>Show all</Button>}
      >
        <p>What you publish can be the first of it.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<Compass {...ICON} />}
      title="No videos have reached you yet"
      actions={
        <>
          <Button variant="accent" onClick={() => openChannel(null)}>
            Publish the first one
          </Button>
          {me === null && <Button onClick={() => openSheet('create')}>Make account</Button>}
        </>
      }
    >
      <p>
        Videos come from people, not from a server: open WE Studio on another computer in this network, or open a link
        that somebody sent you, and what they publish appears here by itself.
      </p>
      {tab === 'forYou' && <p>What you like is learnt on this computer, and only if you want.</p>}
    </EmptyState>
  )
}
