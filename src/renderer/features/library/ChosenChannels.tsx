import { Plus, X } from 'lucide-react'
import type { LiveListing } from '@shared/live/live-listing'
import { broadcasterIn, MOST_KEPT_CHANNELS, type KeptChannel } from '@shared/storage/keep-choice'
import { knownPerson, usePerson } from '@/features/channel/person-store'
import { Adder } from '@/features/safety/WordsAndLabels'
import { useWatch } from '@/features/watch/watch-store'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import '@/features/safety/safety.css'

/** Letters enough to tell two apart: all peer ids begin alike. */
function shortPeerId(peerId: string): string {
  return `…${peerId.slice(-8)}`
}

/** What is known of who shows this live: the name of its creator, else its title. */
function nameOf(live: LiveListing | undefined): string {
  const creator = live?.gifts === undefined ? undefined : knownPerson(live.gifts.account).ownName
  return (creator ?? live?.title ?? '').slice(0, 120)
}

/** A live that is on, of a channel that is not chosen yet. */
function AddLive({ live, onAdd }: { live: LiveListing; onAdd: () => void }) {
  return (
    <Button
      className="button--small keep__add"
      icon={<Plus size={15} />}
      aria-label={`Add the channel of ${live.title}`}
      onClick={onAdd}
    >
      <span className="keep__add-words">
        {live.title}
        {live.gifts !== undefined && <Creator account={live.gifts.account} />}
      </span>
    </Button>
  )
}

function Creator({ account }: { account: string }) {
  const { ownName } = usePerson(account)
  return ownName === undefined ? null : <> · {ownName}</>
}

interface ChosenChannelsProps {
  channels: readonly KeptChannel[]
  onChange: (channels: KeptChannel[]) => void
}

/** The channels whose lives are kept: those chosen, a field for a link, and those that are on now. */
export function ChosenChannels({ channels, onChange }: ChosenChannelsProps) {
  const lives = useWatch((state) => state.lives)
  const isChosen = (peerId: string): boolean => channels.some((one) => one.peerId === peerId)
  const others = lives.filter(
    ({ own, peerId }, at) => !own && !isChosen(peerId) && lives.findIndex((one) => one.peerId === peerId) === at,
  )

  const add = (text: string): string | null => {
    const peerId = broadcasterIn(text)
    const live = lives.find((one) => one.peerId === peerId)
    if (peerId === null) return 'This is no link of a live (we://…/live/…) and no peer id (12D3Koo…).'
    if (live?.own === true) return 'This is your own channel. Your lives are recorded when you go live.'
    if (isChosen(peerId)) return 'This channel is in the list already.'
    if (channels.length >= MOST_KEPT_CHANNELS)
      return `The list holds ${MOST_KEPT_CHANNELS} channels. Take one off first.`
    onChange([...channels, { peerId, name: nameOf(live) }])
    return null
  }

  return (
    <div className="sharing__row keep" role="group" aria-label="Channels I choose">
      {channels.length === 0 ? (
        <p className="sharing__hint">
          No channel chosen yet. Paste the link of a live, or take one that is on now: its next lives are kept too.
        </p>
      ) : (
        <ul className="keep__list" aria-label="Channels whose lives are kept">
          {channels.map(({ peerId, name }) => {
            const known = name === '' ? nameOf(lives.find((one) => one.peerId === peerId)) : name
            const words = known === '' ? 'Channel' : known
            return (
              <li key={peerId} className="keep__channel">
                <span className="keep__name">{words}</span>
                <span className="keep__id tabular" title={peerId}>
                  {shortPeerId(peerId)}
                </span>
                <IconButton
                  label={`Take ${words} ${shortPeerId(peerId)} off`}
                  align="end"
                  onClick={() => onChange(channels.filter((one) => one.peerId !== peerId))}
                >
                  <X size={14} />
                </IconButton>
              </li>
            )
          })}
        </ul>
      )}
      <Adder label="Add a channel" placeholder="Link of a live, or peer id" maxLength={2048} onAdd={add} />
      {others.length > 0 && (
        <div className="keep__on" role="group" aria-label="On now">
          <span className="sharing__hint">On now</span>
          {others.slice(0, 12).map((live) => (
            <AddLive key={live.peerId} live={live} onAdd={() => void add(live.peerId)} />
          ))}
        </div>
      )}
    </div>
  )
}
