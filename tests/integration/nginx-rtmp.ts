import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MODULES = ['/usr/lib/nginx/modules/ngx_rtmp_module.so', '/usr/lib64/nginx/modules/ngx_rtmp_module.so']
const module = MODULES.find((path) => existsSync(path))
const binary = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find((path) => existsSync(path))

/** Why there is no nginx with its rtmp module here; null when there is. */
export const nginxMissing =
  binary && module ? null : 'nginx with its rtmp module is not installed (Debian: nginx-light libnginx-mod-rtmp)'

/** A real RTMP server that somebody else wrote: takes `rtmp://127.0.0.1:PORT/live/KEY` and records what comes. */
export class NginxRtmp {
  private child: ChildProcess | null = null

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  /** @param lines more lines for the application, e.g. `on_publish` */
  static async start(lines: string[] = []): Promise<NginxRtmp> {
    const folder = await mkdtemp(join(tmpdir(), 'we-nginx-'))
    const server = new NginxRtmp(await freePort(), folder)
    await mkdir(server.recordings)
    await writeFile(
      join(folder, 'nginx.conf'),
      [
        `load_module ${module ?? ''};`,
        'daemon off; master_process off; worker_processes 1;',
        `user ${execFileSync('id', ['-un']).toString().trim()};`,
        `pid ${folder}/pid; error_log ${folder}/error.log info;`,
        'events { worker_connections 64; }',
        `rtmp { server { listen 127.0.0.1:${server.port}; chunk_size 4096; access_log off;`,
        `application live { live on; record all; record_path ${server.recordings}; record_unique on; ${lines.join(' ')} } } }`,
      ].join('\n'),
    )
    await server.run()
    return server
  }

  get url(): string {
    return `rtmp://127.0.0.1:${this.port}/live`
  }

  get recordings(): string {
    return join(this.folder, 'recordings')
  }

  /** Starts it, or starts it again on the same port. */
  async run(): Promise<void> {
    const child = spawn(binary!, ['-p', this.folder, '-c', join(this.folder, 'nginx.conf'), '-e', '/dev/null'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.child = child
    const end = Date.now() + 5_000
    while (!(await answers(this.port))) {
      if (Date.now() > end || child.exitCode !== null) throw new Error(`nginx does not start; see ${this.folder}`)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  /** Stops the process where it stands (SIGSTOP), or lets it go on. */
  freeze(isFrozen: boolean): void {
    this.child?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT')
  }

  async kill(): Promise<void> {
    const { child } = this
    this.child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  async close(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isUp: boolean) => () => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', end(true)).once('error', end(false))
  })
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
