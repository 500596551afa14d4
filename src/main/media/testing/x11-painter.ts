import { padded, words, X11Connection, type X11Setup } from '../sources/x11-connection'

/** Puts coloured windows on an X display, so that a test knows what there is to see. */
export class X11Painter {
  private count = 0

  private constructor(
    private readonly x11: X11Connection,
    private readonly setup: X11Setup,
  ) {}

  static async open(display: string): Promise<X11Painter> {
    const { x11, setup } = await X11Connection.open(display)
    return new X11Painter(x11, setup)
  }

  /** A window of one colour (0xrrggbb) without frame; resolves with its id when it can be seen. */
  async window(x: number, y: number, width: number, height: number, colour: number, name: string): Promise<number> {
    const id = this.setup.idBase + ++this.count
    const [place, size] = [(y << 16) | x, (height << 16) | width]
    // Background pixel and override-redirect, in the order of their bits.
    this.x11.send(words([1, 0], 10, id, this.setup.root, place, size, 0, 0, 0x202, colour, 1))
    const text = Buffer.from(name, 'latin1')
    const title = padded(text)
    this.x11.send(Buffer.concat([words([18, 0], 6 + title.length / 4, id, 39, 31, 8, text.length), title]))
    this.x11.send(words([8, 0], 2, id))
    await this.x11.sync()
    return id
  }

  async colour(window: number, colour: number): Promise<void> {
    this.x11.send(words([2, 0], 4, window, 2, colour))
    this.x11.send(words([61, 0], 4, window, 0, 0))
    await this.x11.sync()
  }

  close(): void {
    this.x11.close()
  }
}
