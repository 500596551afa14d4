import { knownPerson, usePeople } from '@/features/channel/person-store'
import type { NameOf } from './message-words'

/** What people are called now; drawn again when more is known of them. */
export function useNames(): NameOf {
  usePeople((state) => state.cards)
  return (account) => knownPerson(account).name
}
