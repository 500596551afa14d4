import { MessageSquareText, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { listenToStudio, useGifts } from '@/features/gifts/gift-store'
import { useStudio } from '@/features/studio/studio-store'
import { Button } from '@/ui/Button'
import { Segmented } from '@/ui/Segmented'
import { ChatPanel } from './ChatPanel'
import { NoRoom } from './NoRoom'
import { useLiveRoom } from './use-live-room'
import { useRoom } from './use-room'
import { useSupporters } from './use-supporters'
import './rooms.css'

type Side = 'picture' | 'chat'

/** While one is live: the chat of it in the place of the picture's controls, and the switch between the two. */
export function StudioChat({ visible }: { visible: boolean }) {
  const live = useStudio((state) => state.live)
  if (live.state !== 'live') return null
  return <OpenChat key={live.url} url={live.url} startedAt={live.startedAt} visible={visible} />
}

function OpenChat({ url, startedAt, visible }: { url: string; startedAt: number; visible: boolean }) {
  const live = useLiveRoom(url)
  const room = live.state === 'known' ? live.room : null
  const [chosen, setChosen] = useState<Side | null>(null)
  // Who has a chat wants to see it; who has none goes on with the picture.
  const side = chosen ?? (room === null ? 'picture' : 'chat')
  const supporters = useSupporters('studio')
  const view = useRoom(room, visible && side === 'chat', listenToStudio)
  const hasAccount = useGifts(({ creator }) => creator !== null && creator.account !== null)
  const unseen = view?.unseen ?? 0
  return (
    <>
      <div className="studio-chat__tabs">
        <Segmented<Side>
          label="Beside the picture"
          value={side}
          onChange={setChosen}
          segments={[
            { value: 'picture', label: 'Picture', icon: <SlidersHorizontal size={15} /> },
            {
              value: 'chat',
              label: unseen > 0 ? `Chat (${unseen > 99 ? '99+' : unseen})` : 'Chat',
              icon: <MessageSquareText size={15} />,
            },
          ]}
        />
      </div>
      {side === 'chat' && (
        <aside className="studio-chat" aria-label="Chat of your live">
          {room !== null && view !== null ? (
            <ChatPanel key={room} {...{ room, view, startedAt, supporters }} />
          ) : (
            live.state === 'known' && (
              <NoRoom
                title="No chat in this live"
                actions={
                  !hasAccount && (
                    <Button variant="accent" onClick={() => void studioClient().gifts.makeAccount().catch(tellProblem)}>
                      Make an account
                    </Button>
                  )
                }
              >
                {hasAccount
                  ? 'It began before your account was ready. Your next live has a chat.'
                  : 'A chat needs somebody who keeps order in it. With an account your next live has one, and it is yours.'}
              </NoRoom>
            )
          )}
        </aside>
      )}
    </>
  )
}
