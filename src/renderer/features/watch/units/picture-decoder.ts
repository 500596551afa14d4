import type { AccessConfig } from '@shared/media/access-unit'
import { pictureCodec } from '@shared/media/codec-names'

/** A picture that is on its way to the screen; whoever has it must close it. */
export interface DecodedPicture {
  frame: VideoFrame
  /** Moment of the live, milliseconds. */
  mediaMs: number
  /** Unix milliseconds of the broadcaster's clock. */
  capturedAt: number
}

export interface EncodedPicture {
  mediaMs: number
  key: boolean
  data: Uint8Array
  capturedAt: number
  config: AccessConfig
}

/** H.264 pictures through WebCodecs, without the delay that decoders like to keep. Begins with a key picture. */
export class PictureDecoder {
  #decoder: VideoDecoder | null = null
  #config: AccessConfig | null = null
  readonly #pending: { timestamp: number; mediaMs: number; capturedAt: number }[] = []
  #closed = false

  constructor(
    private readonly onPicture: (picture: DecodedPicture) => void,
    /** It is of no use any more: what comes next must be a key picture. */
    private readonly onError: (why: string) => void,
  ) {}

  /** Pictures given and not out yet. */
  get pending(): number {
    return this.#pending.length
  }

  /** Whether only a key picture helps. */
  get needsKey(): boolean {
    return this.#decoder?.state !== 'configured'
  }

  decode({ mediaMs, key, data, capturedAt, config }: EncodedPicture): void {
    try {
      if (this.needsKey || config !== this.#config) {
        if (!key) return
        this.#reset(config)
      }
      const timestamp = Math.round(mediaMs * 1000)
      this.#pending.push({ timestamp, mediaMs, capturedAt })
      this.#decoder!.decode(new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp, data }))
    } catch (error) {
      this.#failed(String(error))
    }
  }

  /** What is on its way is not wanted; the next is a key picture. */
  drop(): void {
    this.#pending.length = 0
    if (this.#decoder?.state === 'configured') this.#decoder.close()
    this.#decoder = null
  }

  close(): void {
    this.#closed = true
    this.drop()
  }

  #reset(config: AccessConfig): void {
    this.drop()
    this.#config = config
    const decoder = new VideoDecoder({
      output: (frame) => {
        if (this.#decoder === decoder) this.#out(frame)
        else frame.close()
      },
      error: (error) => {
        if (this.#decoder === decoder) this.#failed(error.message)
      },
    })
    this.#decoder = decoder
    decoder.configure({
      codec: pictureCodec(config.avcC),
      codedWidth: config.width,
      codedHeight: config.height,
      description: config.avcC,
      optimizeForLatency: true,
    })
  }

  #out(frame: VideoFrame): void {
    // They come out in the order of showing: what is earlier and still here, the decoder has swallowed.
    const meta = this.#pending.find(({ timestamp }) => timestamp === frame.timestamp)
    for (let i = this.#pending.length - 1; i >= 0; i--) {
      if (this.#pending[i]!.timestamp <= frame.timestamp) this.#pending.splice(i, 1)
    }
    if (this.#closed || meta?.timestamp !== frame.timestamp) frame.close()
    else this.onPicture({ frame, mediaMs: meta.mediaMs, capturedAt: meta.capturedAt })
  }

  #failed(why: string): void {
    if (this.#closed) return
    this.drop()
    this.onError(why)
  }
}
