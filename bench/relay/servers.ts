import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { FfmpegProcess } from '../../src/main/media/ffmpeg-process'
import { Relay } from '../../src/main/relay/relay'
import { StreamKeys } from '../../src/main/relay/stream-keys'

export type ServerKind = 'ours' | 'node-media-server'

/** A media server in a process of its own, so that its memory is its own. */
export interface RunningServer {
  kind: ServerKind
  rtmpPort: number
  httpPort: number
  /** What a publisher of the live `show` names. */
  key: string
  rss: () => number
  stop: () => void
}

/** Starts this very script again with `--serve KIND`. */
export async function startServer(kind: ServerKind): Promise<RunningServer> {
  const child: ChildProcess = fork(process.argv[1]!, ['--serve', kind], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  process.on('exit', () => child.kill('SIGKILL'))
  const ports = await new Promise<{ rtmpPort: number; httpPort: number; key: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as never))
    child.once('exit', () => reject(new Error(`${kind} did not start`)))
  })
  return {
    kind,
    ...ports,
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    stop: () => void child.kill('SIGKILL'),
  }
}

/** The other side of `startServer`; never returns. */
export async function serve(kind: ServerKind): Promise<void> {
  process.on('disconnect', () => process.exit())
  if (kind === 'ours') {
    const keys = await StreamKeys.open(null)
    const key = await keys.make('show')
    const relay = await Relay.start(
      { host: '127.0.0.1', rtmpPort: 0, httpPort: 0, keys, origins: ['*'] },
      { log: () => undefined, soundFfmpeg: (args) => new FfmpegProcess(ffmpegPath(), args) },
    )
    process.send!({ rtmpPort: relay.rtmpPort, httpPort: relay.httpPort, key })
    return
  }
  const Server = createRequire(join(process.cwd(), 'package.json'))('node-media-server') as new (config: object) => {
    run: () => void
  }
  const [rtmpPort, httpPort] = [await freePort(), await freePort()]
  new Server({
    bind: '127.0.0.1',
    rtmp: { port: rtmpPort },
    http: { port: httpPort },
    store: { path: join('/tmp', `we-bench-nms-${process.pid}`) },
    record: { auto: false, path: join('/tmp', `we-bench-nms-${process.pid}`) },
    webadmin: { enable: false },
    auth: { publish: false, play: false, secret: 'x' },
  }).run()
  setTimeout(() => process.send!({ rtmpPort, httpPort, key: 'show' }), 1000)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
