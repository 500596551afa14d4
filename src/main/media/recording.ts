import { createWriteStream, type WriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { StudioError } from '@shared/errors'

/**
 * A local copy of what goes out: start and segments one behind the other are an MP4 that plays everywhere. Written
 * beside as `PATH.part`; it gets its name when it is whole.
 */
export class Recording {
  private readonly stream: WriteStream
  private error: Error | null = null
  private readonly part: string

  constructor(
    private readonly path: string,
    private readonly onFailure: (error: StudioError) => void,
  ) {
    this.part = `${path}.part`
    this.stream = createWriteStream(this.part)
    this.stream.on('error', (error) => {
      if (this.error) return
      this.error = error
      this.onFailure(
        new StudioError(
          'recording-failed',
          `The recording ${path} cannot be written: ${error.message}. The live goes on.`,
        ),
      )
    })
  }

  write(bytes: Uint8Array): void {
    if (!this.error) this.stream.write(bytes)
  }

  /** Closes the file and gives it its name; does nothing when writing failed before. */
  async finish(): Promise<void> {
    if (this.error) return
    await new Promise<void>((resolve) => {
      this.stream.once('close', resolve)
      this.stream.end()
    })
    await rename(this.part, this.path)
  }
}
