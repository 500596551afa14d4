import { create } from 'zustand'
import { usePage } from '@/app/page-store'

/** The slug of the channel that everybody gets first. */
export const FIRST_SLUG = 'main'

interface ChannelPlace {
  /** Whose page is open; null: the person's own. */
  account: string | null
  /** Null: the account's first channel. */
  slug: string | null
}

export const useChannelPlace = create<ChannelPlace>()(() => ({ account: null, slug: null }))

/** Goes to the channel page of an account (`0x...`, lower case); `slug`: one of its channels. */
export function openChannel(account: string | null, slug: string | null = null): void {
  useChannelPlace.setState({ account, slug })
  usePage.getState().go('channel')
}
