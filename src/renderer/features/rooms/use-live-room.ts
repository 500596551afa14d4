import { useEffect, useState } from 'react'
import { studioClient } from '@/app/studio-client'

/** The room of a live. `asking`: not known yet; null: this live has none. */
export type LiveRoom = { readonly state: 'asking' } | { readonly state: 'known'; readonly room: string | null }

const ASKING: LiveRoom = { state: 'asking' }

/** @param url of a live, `we://...`; null: nothing is watched or live */
export function useLiveRoom(url: string | null): LiveRoom {
  const [known, setKnown] = useState<{ url: string; room: string | null } | null>(null)
  useEffect(() => {
    if (url === null) return
    let isWanted = true
    studioClient()
      .watch.getRoom(url)
      .catch(() => null)
      .then((room) => {
        if (isWanted) setKnown({ url, room })
      })
      .catch(() => undefined)
    return () => {
      isWanted = false
    }
  }, [url])
  return known !== null && known.url === url ? { state: 'known', room: known.room } : ASKING
}
