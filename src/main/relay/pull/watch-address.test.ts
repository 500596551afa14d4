import { describe, expect, it } from 'vitest'
import { readWatchAddress } from './watch-address'

describe('readWatchAddress', () => {
  it.each([
    ['we://12D3Koo/live/bafy', 'live'],
    ['  https://example.org/live/index.m3u8?token=a%20b ', 'hls'],
    ['HTTPS://example.org/A.M3U8', 'hls'],
    ['http://192.168.1.4:8000/live/cam.flv', 'flv'],
    ['https://example.org/film.mp4#t=3', 'file'],
    ['https://example.org/watch?v=1', 'web'],
    ['http://127.0.0.1/x.php/film.exe', 'web'],
    ['rtmp://localhost/live/key', 'rtmp'],
    ['rtmps://user:word@example.org:443/app/name?sign=1-2', 'rtmp'],
  ])('%s is %s', (text, kind) => expect(readWatchAddress(text).kind).toBe(kind))

  it.each([
    'file:///etc/passwd',
    'FILE:/etc/passwd',
    'data:text/plain,hello',
    'javascript:alert(1)',
    'concat:http://a/b|http://c/d',
    'crypto+http://a/b.m3u8',
    'ffrtmphttp://example.org/a',
    'udp://239.0.0.1:1234',
    'pipe:0',
    'http:///no-host.mp4',
    'rtmp:live/key',
    'rtmp://a/b live=1 swfUrl=file',
    'https://example.org/a\nb.mp4',
    'example.org/film.mp4',
    '/etc/passwd',
    '-i',
    '',
    `https://example.org/${'a'.repeat(2048)}.mp4`,
  ])('refuses %s with words', (text) => {
    expect(() => readWatchAddress(text)).toThrow(/cannot? be played|can be played/)
  })
})
