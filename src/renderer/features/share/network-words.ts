import type { ShareNetwork } from '@shared/share/share-network'

/** The networks of the sheet: as people call them, and a mark of ours for each. */
export const NETWORKS: readonly { net: ShareNetwork; name: string; mark: string }[] = [
  { net: 'x', name: 'X', mark: 'X' },
  { net: 'facebook', name: 'Facebook', mark: 'f' },
  { net: 'line', name: 'LINE', mark: 'L' },
  { net: 'wechat', name: 'WeChat', mark: '微' },
  { net: 'qq', name: 'QQ', mark: 'Q' },
  { net: 'instagram', name: 'Instagram', mark: 'I' },
]

/** What came of taking a link to a network, and what to do next where the app could not do it. */
export function takenWords(net: ShareNetwork, came: 'opened' | 'copied'): string {
  const name = NETWORKS.find((one) => one.net === net)?.name ?? ''
  if (came === 'opened') return `${name} is open in your browser. You decide there what is posted.`
  switch (net) {
    case 'wechat':
      return 'WeChat takes no links from outside. Scan the code with WeChat on your phone; the link is copied, too.'
    case 'instagram':
      return 'Instagram takes no links from outside. Title and link are copied: paste them into a message, a story or your profile.'
    case 'facebook':
    case 'qq':
      return `${name} takes web addresses only, and no page for browsers is set. Title and link are copied: paste them there.`
    default:
      return 'Link copied. Paste it to the people who should have it.'
  }
}
