import { z } from 'zod'

/** Where people take a link; the word that a `share` entry carries. */
export const ShareNetwork = z.enum(['link', 'qr', 'x', 'facebook', 'line', 'wechat', 'qq', 'instagram'])
export type ShareNetwork = z.infer<typeof ShareNetwork>

/**
 * What happens on "share": `open`: the system browser shows the network's own form; `copy`: the network takes no link from
 * outside (or none that begins with we://), so it is copied.
 */
export type ShareWay = { readonly way: 'open'; readonly url: string } | { readonly way: 'copy'; readonly text: string }

/** The only places that the system browser is sent to. */
export const SHARE_HOSTS = ['x.com', 'www.facebook.com', 'social-plugins.line.me', 'line.me', 'connect.qq.com'] as const

/**
 * The share forms as the networks have them in 2026: X "intent/post", Facebook "sharer.php" (a web address only; title and
 * picture come from that page), LINE "lineit/share" (web address) and "R/share" (any text), QQ "shareqq". WeChat and
 * Instagram have none: WeChat scans a QR code, Instagram is pasted to.
 * @param web the https form; null: there is none
 */
export function shareWay(
  net: ShareNetwork,
  { title, we, web }: { title: string; we: string; web: string | null },
): ShareWay {
  const link = web ?? we
  const words = title === '' ? link : `${title}\n${link}`
  const open = (base: string, query: Record<string, string>): ShareWay => ({
    way: 'open',
    // not URLSearchParams: LINE shows its `+` for blanks as it stands
    url: `${base}?${Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&')}`,
  })
  switch (net) {
    case 'x':
      // X makes links of web addresses only; of we:// it keeps the text
      return web === null
        ? open('https://x.com/intent/post', { text: words })
        : open('https://x.com/intent/post', { text: title, url: web })
    case 'facebook':
      return web === null
        ? { way: 'copy', text: words }
        : open('https://www.facebook.com/sharer/sharer.php', { u: web })
    case 'line':
      return web === null
        ? open('https://line.me/R/share', { text: words })
        : open('https://social-plugins.line.me/lineit/share', { url: web, text: title })
    case 'qq':
      return web === null
        ? { way: 'copy', text: words }
        : open('https://connect.qq.com/widget/shareqq/index.html', { url: web, title, desc: title })
    case 'instagram':
      return { way: 'copy', text: words }
    case 'wechat':
    case 'qr':
    case 'link':
      return { way: 'copy', text: link }
  }
}

/** Whether an address is one of `SHARE_HOSTS`, over https, without a user in it. */
export function isShareAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host, username, password } = new URL(address)
  return protocol === 'https:' && username === '' && password === '' && SHARE_HOSTS.some((one) => one === host)
}
