import type { DraftState } from '@shared/publishing/video-draft'

/** Where a draft is on its way, in a line. */
export function draftWords(now: DraftState): string {
  switch (now.state) {
    case 'reading':
      return 'Reading the file…'
    case 'converting':
      return `Making it playable everywhere: ${percent(now.done)}`
    case 'ready':
      return 'Ready to be published. Kept as a draft until then.'
    case 'publishing':
      return `Publishing: ${percent(now.done)}`
    case 'refused':
      return now.message
  }
}

const percent = (done: number): string => `${Math.floor(done * 100)} %`
