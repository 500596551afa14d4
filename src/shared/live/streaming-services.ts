/** What is known of a service that takes RTMP. */
export interface StreamingService {
  id: string
  name: string
  /** Its server; empty where every account is given its own. */
  url: string
  /** Where the person finds the stream key (and the server, where there is none here). */
  help: string
}

/** From the services' own pages for streaming software; whoever has another server types it over. */
export const STREAMING_SERVICES: readonly StreamingService[] = [
  {
    id: 'youtube',
    name: 'YouTube',
    url: 'rtmps://a.rtmps.youtube.com/live2',
    help: 'YouTube Studio → Create → Go live → Stream key.',
  },
  {
    id: 'twitch',
    name: 'Twitch',
    url: 'rtmps://live.twitch.tv/app',
    help: 'Creator dashboard → Settings → Stream → Primary stream key.',
  },
  {
    id: 'facebook',
    name: 'Facebook',
    url: 'rtmps://live-api-s.facebook.com:443/rtmp',
    help: 'Facebook Live Producer → Streaming software → Stream key.',
  },
  {
    id: 'instagram',
    name: 'Instagram',
    url: 'rtmps://live-upload.instagram.com:443/rtmp',
    help: 'Instagram on the web → Create → Live video → Stream key.',
  },
  {
    id: 'tiktok',
    name: 'TikTok',
    url: '',
    help: 'TikTok LIVE → Go live with streaming software: copy server URL and key.',
  },
  { id: 'kick', name: 'Kick', url: '', help: 'Creator dashboard → Settings → Stream: copy the stream URL and key.' },
  { id: 'x', name: 'X', url: '', help: 'Media Studio → Producer → Create a source: copy the RTMP URL and key.' },
  {
    id: 'bilibili',
    name: 'Bilibili',
    url: 'rtmp://live-push.bilivideo.com/live-bvc',
    help: 'Live centre → Start streaming: copy the server address and the stream code.',
  },
  { id: 'douyu', name: 'Douyu', url: '', help: 'Live settings → Push stream: copy the address and the stream code.' },
  { id: 'trovo', name: 'Trovo', url: 'rtmp://livepush.trovo.live/live', help: 'Trovo Studio → Stream → Stream key.' },
]
