import type { ChannelCard } from '@shared/community/index-cards'
import { fileMediaUrl } from '@shared/storage/file-media-url'
import {
  Ban,
  Copy,
  Flag,
  MessageCircle,
  Pencil,
  Plus,
  Share2,
  Upload,
  UserRoundCheck,
  UserRoundPlus,
} from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { accountPattern } from '@/ui/account-pattern'
import { ActionMenu, type MenuAction } from '@/ui/ActionMenu'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { openConversation } from '@/features/messages/messages-store'
import { blockAccount, reportSubject } from '@/features/safety/safety-actions'
import { openShare } from '@/features/share/share-store'
import { setFollowing } from './channel-acts'
import { openedChannel, useChannelData } from './channel-data'
import { openChannel } from './channel-store'
import { countWords } from './channel-words'
import { editOwn, newChannel } from './edit-store'
import { shortAccount } from './person-store'
import { chooseVideo } from './publishing-store'

interface ChannelHeadProps {
  account: string
  /** Null: the account has no channel. */
  channel: ChannelCard | null
  isOwn: boolean
}

/** Cover, picture, name and what can be done about a channel. */
export function ChannelHead({ account, channel, isOwn }: ChannelHeadProps) {
  const { person, channels, items, next, follows } = useChannelData()
  const isFirst = channel === null || channel === channels[0]
  const profile = person?.body
  const name = channel?.body.title ?? profile?.name ?? shortAccount(account)
  const avatar = channel?.body.avatar ?? profile?.avatar
  const cover = channel?.body.cover ?? profile?.banner
  const bio = channel?.body.desc ?? profile?.bio ?? ''
  const followers = isFirst ? person?.followers : channel.followers
  const handle = profile?.handle
  const links = profile?.links ?? []
  const subject = isFirst ? `acct:${account}` : channel.subject

  const copy = (): void => {
    studioClient()
      .app.copyText(account)
      .then(() => useToasts.getState().show('info', 'Address copied.'), tellProblem)
  }
  const actions: MenuAction[] = isOwn
    ? [
        { label: 'Share', icon: <Share2 size={16} />, run: () => openShare({ subject, title: name }) },
        { label: 'New channel', icon: <Plus size={16} />, run: () => newChannel(account) },
      ]
    : [
        { label: 'Share', icon: <Share2 size={16} />, run: () => openShare({ subject, title: name }) },
        { label: 'Report', icon: <Flag size={16} />, run: () => reportSubject(subject) },
        { label: 'Block', icon: <Ban size={16} />, run: () => void blockAccount(account) },
      ]

  return (
    <header className="channel-head">
      <Cover account={account} cid={cover} />
      <div className="channel-head__row">
        <Avatar
          account={account}
          cid={avatar}
          name={channel?.body.title ?? profile?.name}
          size={112}
          className="channel-head__avatar"
        />
        <div className="channel-head__words">
          <h1 className="selectable">{name}</h1>
          <p className="channel-head__facts">
            {handle !== undefined && <span className="selectable">@{handle}</span>}
            <span className="channel-head__address">
              <span className="selectable" title={account}>
                {shortAccount(account)}
              </span>
              <IconButton label="Copy address" onClick={copy}>
                <Copy size={14} />
              </IconButton>
            </span>
            {followers !== undefined && <span>{countWords(followers, 'follower')}</span>}
            {channel !== null && next === null && items !== null && <span>{countWords(items.length, 'upload')}</span>}
          </p>
          {bio !== '' && <p className="channel-head__bio selectable">{bio}</p>}
          {isFirst && links.length > 0 && (
            <ul className="channel-head__links" aria-label="Links">
              {links.map(({ title, url }) => (
                <LinkChip key={url} title={title} url={url} />
              ))}
            </ul>
          )}
        </div>
        <div className="channel-head__actions">
          {isOwn ? (
            <>
              <Button variant="accent" icon={<Upload size={16} />} disabled={channel === null} onClick={chooseVideo}>
                Publish a video
              </Button>
              <Button icon={<Pencil size={16} />} onClick={() => editOwn(account)}>
                Edit
              </Button>
            </>
          ) : (
            <>
              <Button
                variant={follows ? 'plain' : 'accent'}
                icon={follows ? <UserRoundCheck size={16} /> : <UserRoundPlus size={16} />}
                aria-pressed={follows}
                onClick={() => setFollowing(!follows, name)}
              >
                {follows ? 'Following' : 'Follow'}
              </Button>
              <Button icon={<MessageCircle size={16} />} onClick={() => openConversation(account)}>
                Message
              </Button>
            </>
          )}
          <ActionMenu
            label={isOwn ? 'More about your channel' : `More about ${name}`}
            variant="plain"
            actions={actions}
          />
        </div>
      </div>
      {channels.length > 1 && <ChannelChoice account={account} isOwn={isOwn} />}
    </header>
  )
}

function Cover({ account, cid }: { account: string; cid: string | undefined }) {
  const {
    hues: [from, to],
  } = accountPattern(account)
  return (
    <div className="channel-head__cover" aria-hidden="true" style={{ '--cover-from': from, '--cover-to': to }}>
      {cid !== undefined && <img key={cid} src={fileMediaUrl(cid)} alt="" draggable={false} />}
    </div>
  )
}

/** Links lead out of the app; they are copied, for the browser that the person trusts. */
function LinkChip({ title, url }: { title: string; url: string }) {
  const copy = (): void => {
    studioClient()
      .app.copyText(url)
      .then(() => useToasts.getState().show('info', `Link copied: ${url}`), tellProblem)
  }
  return (
    <li>
      <button type="button" className="channel-chip" title={`Copy ${url}`} onClick={copy}>
        {title}
        <span className="channel-chip__detail">{URL.canParse(url) ? new URL(url).host : url}</span>
      </button>
    </li>
  )
}

function ChannelChoice({ account, isOwn }: { account: string; isOwn: boolean }) {
  const data = useChannelData()
  const opened = openedChannel(data)
  return (
    <nav className="channel-head__channels" aria-label={isOwn ? 'Your channels' : 'Channels of this person'}>
      {data.channels.map((one) => (
        <button
          key={one.subject}
          type="button"
          className="channel-chip"
          aria-current={one === opened ? 'page' : undefined}
          onClick={() => openChannel(isOwn ? null : account, one.body.slug)}
        >
          {one.body.title}
        </button>
      ))}
    </nav>
  )
}
