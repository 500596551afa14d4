import { certificateWords } from '../certificate-words'
import { StudioError } from '@shared/errors'

const WORDS = {
  'nothing-there': 'Nothing answers at this address. Check it, or try again when it is live.',
  'not-allowed':
    'The server does not let this address be watched. It may have expired: get a new one where it came from.',
  'not-a-video':
    'What is at this address is not a video. Copy the address of the video itself, not of a page around it.',
  'no-picture': 'There is only sound at this address. WE Studio plays videos.',
  'cannot-play': 'This video is of a kind that cannot be played here.',
  'too-large': 'This video is larger than 4096 x 2304 pixels. Choose a smaller quality.',
  'bad-certificate': 'Nothing was fetched. Check the address; if it is right, its owner must repair the server.',
  'server-broken': 'The server has a problem of its own. Try again in a while.',
  'pull-stalled': 'The video has stopped coming and did not come back. Check your connection, then try again.',
} as const

export type PullErrorCode = keyof typeof WORDS

/** What went wrong with somebody else's address, in words. @param before a sentence before the usual ones */
export function pullError(code: PullErrorCode, cause?: unknown, before = ''): StudioError {
  return new StudioError(code, before === '' ? WORDS[code] : `${before} ${WORDS[code]}`, { cause })
}

/** A request that got no answer: most often nothing is there, or its certificate is bad. */
export function errorOfRequest(url: string, error: unknown): StudioError {
  const why = certificateWords(error)
  if (why === null) return pullError('nothing-there', error)
  return pullError('bad-certificate', error, `${new URL(url).host} is not to be trusted: ${why}.`)
}

/** Status of an HTTP answer that is no success. */
export function errorOfStatus(status: number): PullErrorCode {
  if (status === 401 || status === 403 || status === 407 || status === 451) return 'not-allowed'
  return status >= 500 || status === 429 ? 'server-broken' : 'nothing-there'
}

/** What ffmpeg wrote before it gave up; null: nothing that is known. */
export function errorOfWords(stderr: string): PullErrorCode | null {
  const status = /HTTP error (\d{3})/.exec(stderr)
  if (status?.[1] !== undefined) return errorOfStatus(Number(status[1]))
  if (/Server returned 40[13]|NetConnection\.Connect\.Rejected/i.test(stderr)) return 'not-allowed'
  if (/Server returned 5/.test(stderr)) return 'server-broken'
  if (/Invalid data found|whitelist|moov atom not found|Unknown format/i.test(stderr)) return 'not-a-video'
  const gone = /refused|not found|Failed to resolve|unreachable|timed out|No such file|reset by|Input\/output error/i
  return gone.test(stderr) ? 'nothing-there' : null
}
