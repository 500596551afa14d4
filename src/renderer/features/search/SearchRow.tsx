import { CircleUserRound, Clock, EyeOff, Link, MessageSquare, Play, Radio } from 'lucide-react'
import { useEffect } from 'react'
import type { ItemCard } from '@shared/community/index-cards'
import { fileMediaUrl } from '@shared/storage/file-media-url'
import { usePerson } from '@/features/channel/person-store'
import { useCoverCheck } from '@/features/safety/cover-check'
import { useSettings } from '@/features/settings/settings-store'
import { Avatar } from '@/ui/Avatar'
import { highlight } from './highlight'
import type { SearchOption } from './search-options'

function Marked({ text, question }: { text: string; question: string }) {
  return highlight(text, question).map(({ text: part, hit }, index) =>
    hit ? <mark key={index}>{part}</mark> : <span key={index}>{part}</span>,
  )
}

/** Below a name: the words of the description that were found, or how many follow. */
function About({
  name,
  desc,
  followers,
  question,
}: {
  name: string
  desc: string
  followers: number
  question: string
}) {
  const isNamed = highlight(name, question).some(({ hit }) => hit)
  if (!isNamed && desc !== '') return <Marked text={around(desc, question)} question={question} />
  const people = followers === 1 ? '1 follower' : `${followers} followers`
  return followers > 0 ? people : desc.slice(0, 160)
}

/** The part of a long text around the first word that was asked for. */
function around(text: string, question: string): string {
  const flat = text.replace(/\s+/g, ' ')
  const before = highlight(flat, question)
  const at = before[0]?.hit === false ? before[0].text.length : 0
  const start = before.length < 2 ? 0 : Math.max(0, at - 40)
  return `${start > 0 ? '…' : ''}${flat.slice(start, start + 160)}`
}

/** Small, and without a way to lift a veil: what is veiled shows no picture here. */
function Thumb({ card }: { card: ItemCard }) {
  const { thumb } = card.body
  const isChecking = useSettings(({ settings }) => settings.checkCovers)
  const label = useCoverCheck((state) => (thumb === undefined ? null : (state.labels.get(thumb) ?? null)))
  const check = useCoverCheck((state) => state.check)
  useEffect(() => {
    if (isChecking && card.veil === null && thumb !== undefined) check(thumb)
  }, [isChecking, card.veil, thumb, check])
  const veiled = card.veil !== null || (isChecking && label !== null)
  return (
    <span className="search__thumb" aria-hidden="true">
      {veiled ? (
        <EyeOff size={16} />
      ) : thumb === undefined ? (
        card.kind === 'live' ? (
          <Radio size={16} />
        ) : (
          <Play size={16} />
        )
      ) : (
        <img src={fileMediaUrl(thumb)} alt="" loading="lazy" draggable={false} />
      )}
    </span>
  )
}

function ItemRow({ card, question }: { card: ItemCard; question: string }) {
  const { name } = usePerson(card.account)
  const likes = card.counts.like ?? 0
  return (
    <>
      <Thumb card={card} />
      <span className="search__words">
        <span className="search__title">
          <Marked text={card.body.title} question={question} />
        </span>
        <span className="search__more">
          {card.kind === 'live' && <span className="live-pill">LIVE</span>} {name}
          {likes > 0 && ` · ${likes} ${likes === 1 ? 'like' : 'likes'}`}
        </span>
      </span>
    </>
  )
}

function CommentRow({ account, text, question }: { account: string; text: string; question: string }) {
  const { name } = usePerson(account)
  return (
    <>
      <span className="search__thumb search__thumb--round" aria-hidden="true">
        <MessageSquare size={16} />
      </span>
      <span className="search__words">
        <span className="search__title">
          <Marked text={around(text, question)} question={question} />
        </span>
        <span className="search__more">{name}</span>
      </span>
    </>
  )
}

const ADDRESS_WORDS = {
  link: 'Open this link',
  account: 'Open the page of this address',
  stream: 'Play what is at this address',
} as const

/** One line of what was found. */
export function SearchRow({ option, question }: { option: SearchOption; question: string }) {
  switch (option.kind) {
    case 'address':
      return (
        <>
          <span className="search__thumb search__thumb--round" aria-hidden="true">
            {option.address === 'account' ? <CircleUserRound size={16} /> : <Link size={16} />}
          </span>
          <span className="search__words">
            <span className="search__title">{ADDRESS_WORDS[option.address]}</span>
          </span>
        </>
      )
    case 'recent':
      return (
        <>
          <Clock size={16} aria-hidden="true" />
          <span className="search__words">{option.text}</span>
        </>
      )
    case 'item':
      return <ItemRow card={option.card} question={question} />
    case 'channel': {
      const { body, account, followers } = option.card
      return (
        <>
          <Avatar account={account} cid={body.avatar} name={body.title} size={32} />
          <span className="search__words">
            <span className="search__title">
              <Marked text={body.title} question={question} />
            </span>
            <span className="search__more">
              <About name={body.title} desc={body.desc} followers={followers} question={question} />
            </span>
          </span>
        </>
      )
    }
    case 'person': {
      const { body, account, followers } = option.card
      return (
        <>
          <Avatar account={account} cid={body.avatar} name={body.name} size={32} />
          <span className="search__words">
            <span className="search__title">
              <Marked text={body.name} question={question} />
            </span>
            <span className="search__more">
              <About name={body.name} desc={body.bio} followers={followers} question={question} />
            </span>
          </span>
        </>
      )
    }
    case 'comment':
      return <CommentRow account={option.card.account} text={option.card.text} question={question} />
  }
}
