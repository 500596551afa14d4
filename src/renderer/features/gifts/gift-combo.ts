/** How often what was pressed is sent, milliseconds: five gifts a second is what rooms take from one person. */
const FLUSH_MS = 450
/** While the button is held. */
const REPEAT_MS = 140

/** Gathers presses of one gift and sends them together, so that a combo of thirty is a few signatures. */
export class GiftCombo {
  #pending = 0
  #flush: ReturnType<typeof setTimeout> | undefined
  #repeat: ReturnType<typeof setInterval> | undefined

  /** @param changed pieces that are not sent yet */
  constructor(
    private readonly send: (qty: number) => void,
    private readonly changed: (pending: number) => void,
  ) {}

  press(): void {
    this.#add()
    clearInterval(this.#repeat)
    this.#repeat = setInterval(() => this.#add(), REPEAT_MS)
  }

  release(): void {
    clearInterval(this.#repeat)
  }

  /** Sends what is left and stops. */
  close(): void {
    this.release()
    clearTimeout(this.#flush)
    this.#flush = undefined
    this.#empty()
  }

  #add(): void {
    this.#pending += 1
    this.changed(this.#pending)
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined
      this.#empty()
    }, FLUSH_MS)
  }

  #empty(): void {
    const qty = this.#pending
    this.#pending = 0
    this.changed(0)
    if (qty > 0) this.send(qty)
  }
}
