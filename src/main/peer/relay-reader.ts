import { decodeRelayedFrame, type RelayedFrame } from '@shared/live/relayed-show'
import { MeshFault } from '@shared/mesh/byte-reader'
import { StripeFrameReader } from '@shared/mesh/piece'

/** A relay that does not answer, or gives nothing, is left after so long. */
const ANSWER_MS = 3_000
const SILENT_MS = 5_000

export interface RelayReaderEvents {
  onFrame: (frame: RelayedFrame) => void
  /** Nothing more comes. Called once, unless it was closed. */
  onOver: (why: string) => void
}

/** Reads a show from one relay, from the group on that has a chunk in it. What comes is not verified here. */
export class RelayReader {
  readonly #stop = new AbortController()
  #over = false
  #timer: NodeJS.Timeout | undefined

  /** @param from the chunk that is needed next; null: the newest group */
  constructor(
    url: string,
    from: number | null,
    private readonly events: RelayReaderEvents,
  ) {
    void this.#read(from === null ? url : `${url}?from=${from}`)
  }

  close(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#stop.abort()
  }

  async #read(url: string): Promise<void> {
    try {
      this.#expect(ANSWER_MS)
      const response = await fetch(url, { signal: this.#stop.signal, redirect: 'error' })
      const body = response.body
      if (!response.ok || body === null) throw new Error(`answered ${response.status}`)
      const frames = new StripeFrameReader()
      const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
      for (let part = await reader.read(); !part.done && !this.#isOver(); part = await reader.read()) {
        this.#expect(SILENT_MS)
        for (const frame of frames.push(part.value)) {
          if (this.#isOver()) return
          this.events.onFrame(decodeRelayedFrame(frame))
        }
      }
      this.#end('it has no more of this show')
    } catch (error) {
      this.#end(error instanceof MeshFault ? error.fault : String(error))
    }
  }

  #isOver(): boolean {
    return this.#over
  }

  #expect(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end('silent'), ms)
  }

  #end(why: string): void {
    if (this.#over) return
    this.close()
    this.events.onOver(why)
  }
}
