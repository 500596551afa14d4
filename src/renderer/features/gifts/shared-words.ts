import type { SharedLink } from '@shared/gifts/gift-state'

/** What came of copying a link: whether it earns something, and what to do where it could. */
export function sharedWords(link: Pick<SharedLink, 'sharerBps' | 'why'> | null): string {
  if (link !== null && link.sharerBps > 0) {
    return `Link copied, with your name. Of each gift that comes through it you get ${link.sharerBps / 100} % after the fee.`
  }
  if (link?.why === 'no-account') return 'Link copied. With an account you would get a part of the gifts it brings.'
  if (link?.why === 'locked') {
    return 'Link copied without your name: your wallet is locked. Unlock it once and copy again to get your part.'
  }
  return 'Link copied. Paste it to the people who should watch.'
}
