import type { Notice } from '@shared/ipc/studio-schema'
import type { Notifier } from '../ipc/handle-calls'

/** Something found while an engine starts, often before there is a window to tell: the newest is kept until then. */
export class LateNotice {
  #kept: Notice | null = null
  #windowListens = false

  constructor(private readonly notify: Notifier) {}

  tell(notice: Notice): void {
    this.#kept = notice
    if (this.#windowListens) this.windowListens()
  }

  /** The window can be told from now on. */
  windowListens(): void {
    this.#windowListens = true
    if (this.#kept) this.notify('app', 'notice', this.#kept)
    this.#kept = null
  }
}
