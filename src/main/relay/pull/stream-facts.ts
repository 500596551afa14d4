/** What ffmpeg says about its input before it begins, read from its log. */
export interface StreamFacts {
  /** Null: it has no end yet. */
  durationMs: number | null
  /** What its own clock says at its beginning, milliseconds. */
  startMs: number
  picture: {
    codec: string
    /** Pixels. */
    width: number
    height: number
    /** Pictures a second; 0: not known. */
    fps: number
    /** H.264 that every player here can decode: 8 bits, 4:2:0. */
    plain: boolean
  } | null
  hasSound: boolean
}

/** More lines than any real input has; a stream of thousands of tracks is not listened to for ever. */
const MAX_LINES = 500

/** Takes the lines of ffmpeg's log and tells the facts once, when all inputs were described. */
export class StreamFactsReader {
  private facts: StreamFacts = { durationMs: null, startMs: 0, picture: null, hasSound: false }
  private lines = 0
  private told = false

  constructor(private readonly onFacts: (facts: StreamFacts) => void) {}

  line(text: string): void {
    if (this.told || ++this.lines > MAX_LINES) return
    if (/^(Stream mapping:|Output #0)/.test(text)) this.tell()
    else this.read(text)
  }

  /** Nothing more comes. */
  tell(): void {
    if (this.told) return
    this.told = true
    this.onFacts(this.facts)
  }

  private read(text: string): void {
    const duration = /^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(text)
    if (duration) {
      const [, hours, minutes, seconds] = duration
      const ms = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
      this.facts.durationMs = Math.max(this.facts.durationMs ?? 0, ms) || null
    }
    const start = /^\s*Duration: [^,]+, start: (-?\d+\.\d+)/.exec(text)
    if (start) this.facts.startMs = Number(start[1]) * 1000
    const stream = /^\s*Stream #\d+:\d+.*?: (Video|Audio): (\w+)(.*)$/.exec(text)
    if (stream?.[1] === 'Audio') this.facts.hasSound = true
    else if (stream?.[1] === 'Video' && !this.facts.picture && !/attached pic/.test(text)) {
      const rest = stream[3] ?? ''
      const [, width = '0', height = '0'] = /\b(\d{2,5})x(\d{2,5})\b/.exec(rest) ?? []
      const fps = Number(/([\d.]+) fps/.exec(rest)?.[1] ?? 0)
      const plain = stream[2] === 'h264' && /\byuvj?420p\b(?!\d)/.test(rest)
      this.facts.picture = { codec: stream[2] ?? '', width: Number(width), height: Number(height), fps, plain }
    }
  }
}
