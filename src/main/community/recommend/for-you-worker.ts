import '../../platform/runtime-floor'
import { parentPort, workerData } from 'node:worker_threads'
import { serve } from '@shared/rpc/rpc'
import { openForYou, type ForYouService } from './for-you-service'

/** Entry of the thread that learns. */
const port = parentPort!
serve<ForYouService>(
  { post: (message) => port.postMessage(message), onMessage: (listener) => port.on('message', listener) },
  openForYou((workerData as { dir: string }).dir),
)
