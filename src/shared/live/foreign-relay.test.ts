import { expect, it } from 'vitest'
import { foreignRelayUrl } from './foreign-relay'

it('any address that people copy from a relay names the same place', () => {
  const place = 'https://relay.example.org:8443/live/evening.we'
  for (const end of [
    '/live/evening.we',
    '/watch/evening',
    '/live/evening.flv',
    '/live/evening/index.m3u8',
    '/watch/evening/',
  ]) {
    expect(foreignRelayUrl(` https://Relay.example.org:8443${end}`)).toBe(place)
  }
  for (const none of [
    '',
    'relay.example.org',
    'rtmp://relay.example.org/live/a',
    'https://relay.example.org/',
    'https://me:key@relay.example.org/live/a',
  ]) {
    expect(foreignRelayUrl(none)).toBeNull()
  }
})
