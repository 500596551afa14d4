import { Worker } from 'node:worker_threads'
import { StudioError } from '@shared/errors'
import { connect } from '@shared/rpc/rpc'
import { openForYou, type ForYouService } from './for-you-service'

type Calls = ForYouService['calls']

/** How the engine reaches what learns. */
export interface ForYouLine {
  call<C extends keyof Calls>(name: C, input: Calls[C]['input']): Promise<Calls[C]['output']>
}

/** In a thread: `workerPath` is the built `for-you-worker.js`. What is asked of a thread that ended is refused. */
export function forYouThread(dir: string, workerPath: string): ForYouLine {
  const worker = new Worker(workerPath, { workerData: { dir } })
  worker.unref()
  const client = connect<ForYouService>({
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
  })
  const gone = (): void => client.disconnect(new StudioError('for-you-gone', 'Recommendations have stopped.'))
  worker.once('error', gone)
  worker.once('exit', gone)
  return client
}

/** In this thread, for the headless command and for tests. */
export function forYouHere(dir: string): ForYouLine {
  const handlers = openForYou(dir)
  return { call: (name, input) => Promise.resolve().then(() => (handlers[name] as (input: unknown) => never)(input)) }
}
