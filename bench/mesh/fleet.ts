import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { WorkerCommand } from './node-worker'

/** One process with some nodes. */
export class Worker {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  #id = 0

  constructor() {
    this.#child = fork(process.argv[1]!, ['--worker'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(value)
      else waiting?.reject(new Error(error))
    })
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('a worker ended'))
      this.#waiting.clear()
    })
  }

  call<T = unknown>(command: WorkerCommand): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#id, { resolve: resolve as (value: unknown) => void, reject })
      this.#child.send({ id: this.#id, command })
    })
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit')
    this.call({ do: 'stop' }).catch(() => undefined)
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 8_000)
    await exit
    clearTimeout(timer)
  }
}
