import type { CaptionCue } from './caption-cue'

const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** A WebVTT file (W3C WebVTT 1, section 4) of these cues: what `readCaptions` reads out of it is the same. */
export function writeCaptions(cues: readonly CaptionCue[]): string {
  const blocks = cues.map(({ startMs, endMs, text, top }) => {
    const settings = top ? ' line:0' : ''
    // an arrow or an empty line would end the cue; whoever wrote an escape of ASS meant the letters
    const words = text.replace(/[&<>]/g, (sign) => ESCAPED[sign]!).replace(/\{\\/g, '&#123;\\')
    return `${clock(startMs)} --> ${clock(endMs)}${settings}\n${words.replace(/\n{2,}/g, '\n')}`
  })
  return `${['WEBVTT', ...blocks].join('\n\n')}\n`
}

function clock(ms: number): string {
  const whole = Math.round(ms)
  const part = (unit: number, most: number, digits: number): string =>
    String(Math.floor(whole / unit) % most).padStart(digits, '0')
  return `${part(3_600_000, 10_000, 2)}:${part(60_000, 60, 2)}:${part(1000, 60, 2)}.${part(1, 1000, 3)}`
}
