import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'

const TYPES: Record<string, string> = {
  m3u8: 'application/vnd.apple.mpegurl',
  ts: 'video/mp2t',
  mp4: 'video/mp4',
  html: 'text/html',
}

/** A plain web server with videos on it, made by ffmpeg; and whatever `answer` says. */
export class VideoServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'we-pull-'))
  /** Paths with answers of their own. */
  readonly answers = new Map<string, (response: ServerResponse) => void>()
  /** Paths that were asked for. */
  readonly asked: string[] = []
  private readonly children: ChildProcess[] = []
  private server: Server | null = null

  static async start(): Promise<VideoServer> {
    const made = new VideoServer()
    made.server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://a').pathname)
      made.asked.push(path)
      const answer = made.answers.get(path)
      const file = join(made.folder, path.replaceAll('..', ''))
      if (answer) answer(response)
      else if (!existsSync(file) || !statSync(file).isFile() || statSync(file).size === 0) response.writeHead(404).end()
      else {
        const { size } = statSync(file)
        const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
        const end = to === '' ? size - 1 : Number(to)
        const type = TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
        const head = { 'content-type': type, 'accept-ranges': 'bytes', 'content-length': end - Number(from) + 1 }
        if (request.headers.range) response.writeHead(206, { ...head, 'content-range': `bytes ${from}-${end}/${size}` })
        else response.writeHead(200, head)
        createReadStream(file, { start: Number(from), end })
          .on('error', () => response.destroy())
          .pipe(response)
      }
    })
    await new Promise<void>((resolve) => made.server!.listen(0, '127.0.0.1', resolve))
    return made
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server!.address() as AddressInfo).port}`
  }

  /** A moving picture with a tone; `seconds` long. */
  make(
    output: string[],
    seconds: number,
    picture = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50'],
    sound = ['-c:a', 'aac', '-ar', '44100'],
  ): void {
    const args = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=25:duration=${seconds}`]
    const tone = sound.length === 0 ? [] : ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`]
    execFileSync(ffmpegPath(), [...args, ...tone, ...picture, '-pix_fmt', 'yuv420p', ...sound, '-y', ...output], {
      cwd: this.folder,
    })
  }

  /** A live picture in real time, to wherever `output` says, until the server is closed or the child is killed. */
  live(output: string[]): ChildProcess {
    const child = spawn(
      ffmpegPath(),
      [
        ...[
          '-v',
          'error',
          '-nostdin',
          '-re',
          '-f',
          'lavfi',
          '-i',
          'testsrc2=size=640x360:rate=25',
          '-re',
          '-f',
          'lavfi',
          '-i',
          'sine=frequency=440',
        ],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25', '-pix_fmt', 'yuv420p'],
        ...['-c:a', 'aac', '-ar', '44100', ...output],
      ],
      { cwd: this.folder, stdio: 'ignore' },
    )
    this.children.push(child)
    return child
  }

  read(path: string): Buffer {
    return readFileSync(join(this.folder, path))
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL')
    this.server?.closeAllConnections()
    await new Promise((resolve) => this.server?.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }
}
