import { TvMinimal } from 'lucide-react'
import { useEffect } from 'react'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { openSheet, useWallet } from '@/features/wallet/wallet-store'
import { ChannelHead } from './ChannelHead'
import { ChannelTabs } from './ChannelTabs'
import { openedChannel, readChannel, useChannelData } from './channel-data'
import { openChannel, useChannelPlace } from './channel-store'
import { DraftList } from './DraftList'
import { DropZone } from './DropZone'
import { EditForm } from './EditForm'
import { useEdit } from './edit-store'
import { FirstChannel } from './FirstChannel'
import { useOwnAccount } from './own-account'
import { unblock } from './channel-acts'
import './channel.css'

/** The page of a channel: of anybody, or the person's own, which is changed in place. */
export function ChannelPage({ visible }: { visible: boolean }) {
  const me = useOwnAccount()
  const place = useChannelPlace()
  const account = place.account ?? me
  return (
    <section className="channel" aria-label="Channel" hidden={!visible}>
      {account === null ? (
        <NoAccount />
      ) : (
        <Opened account={account} slug={place.slug} isOwn={account === me} visible={visible} />
      )}
    </section>
  )
}

interface OpenedProps {
  account: string
  slug: string | null
  isOwn: boolean
  visible: boolean
}

function Opened({ account, slug, isOwn, visible }: OpenedProps) {
  const data = useChannelData()
  const editing = useEdit((state) => state.editing)

  useEffect(() => {
    if (visible) void readChannel(account, slug)
  }, [account, slug, visible])

  if (data.account !== account || data.items === null) {
    return (
      <p className="channel__busy" role="status">
        <span className="spinner" aria-hidden="true" /> Opening the channel…
      </p>
    )
  }
  if (data.blocked && !isOwn) return <Blocked account={account} />
  const channel = openedChannel(data)
  if (editing?.account === account && isOwn && (editing.isNew || channel !== null)) {
    return (
      <div className="channel__column">
        <EditForm account={account} isNew={editing.isNew} />
      </div>
    )
  }
  if (channel === null && isOwn && data.channels.length === 0) return <FirstChannel account={account} />
  return (
    <div className="channel__column">
      <ChannelHead account={account} channel={channel} isOwn={isOwn} />
      {data.problem !== null && (
        <p className="channel__problem" role="alert">
          {data.problem}
        </p>
      )}
      {isOwn && visible && channel !== null && <DropZone name={channel.body.title} />}
      {isOwn && <DraftList />}
      <ChannelTabs account={account} channel={channel} isOwn={isOwn} />
    </div>
  )
}

function NoAccount() {
  const isKnown = useWallet((state) => state.wallet !== null)
  if (!isKnown) return null
  return (
    <EmptyState
      icon={<TvMinimal size={30} strokeWidth={1.5} />}
      title="Your channel starts with an account"
      actions={
        <Button variant="accent" onClick={() => openSheet('create')}>
          Make account
        </Button>
      }
    >
      <p>A name and a passphrase: then videos, lives and followers are yours, signed by you, on no company’s server.</p>
      <p>Watching others needs none of it.</p>
    </EmptyState>
  )
}

function Blocked({ account }: { account: string }) {
  return (
    <EmptyState
      icon={<TvMinimal size={30} strokeWidth={1.5} />}
      title="You have blocked this person"
      actions={
        <>
          <Button onClick={() => unblock(account)}>Unblock</Button>
          <Button variant="quiet" onClick={() => openChannel(null)}>
            My channel
          </Button>
        </>
      }
    >
      <p>Nothing of theirs is shown to you, and they may not take part in what is yours. Only you know this.</p>
    </EmptyState>
  )
}
