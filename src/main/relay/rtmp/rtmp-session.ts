import { StudioError } from '@shared/errors'
import { readPicture, readSound } from '../flv/flv-media'
import type { ReaderPipe } from '../live-reader'
import type { Publication } from '../relay-hub'
import { BadAmf, decodeAmf0, type AmfObject, type AmfValue } from './amf0'
import { BadRtmp, ChunkReader, type InMessage } from './chunk-reader'
import { MESSAGE } from './chunk-writer'
import { Handshake } from './handshake'
import { replies } from './rtmp-replies'

/** What a session needs of a socket. */
export interface SessionSocket extends ReaderPipe {
  /** Closes at once. */
  destroy: () => void
}

/** Who decides; everything here may throw a StudioError, whose words the other side gets. */
export interface SessionHost {
  publish: (key: string, putOut: (why: string) => void) => Publication
  /** Begins to write the live to `pipe`; returns how to stop. */
  play: (name: string, pipe: ReaderPipe, address: string) => () => void
  log: (line: string) => void
}

/** The application part of our addresses, as OBS' "Server" has it: rtmp://HOST/live */
const APP = 'live'
/** A picture of a publisher with a right key, bytes. */
const MAX_MEDIA = 4 << 20
/** Answers that may lie unread; who asks on and on without reading is hung up on. */
const MAX_UNREAD = 65_536
/** Half of what we announce as our window. */
const ACKNOWLEDGE_EVERY = 2_500_000

/** One RTMP connection as a server has it: handshake, commands, then a publisher's packets or a player's stream. */
export class RtmpSession {
  private readonly handshake: Handshake
  private readonly chunks = new ChunkReader((message) => this.take(message))
  private shaken = false
  private connected = false
  private publication: Publication | null = null
  private stopPlaying: (() => void) | null = null
  private received = 0
  private acknowledged = 0
  private closed = false

  constructor(
    private readonly socket: SessionSocket,
    private readonly host: SessionHost,
    /** Of the other side. */
    private readonly address = '',
  ) {
    this.handshake = new Handshake((bytes) => socket.write(bytes))
  }

  /** Whether it has come to what it wants: to publish or to play. */
  get isSettled(): boolean {
    return this.publication !== null || this.stopPlaying !== null
  }

  get isPublishing(): boolean {
    return this.publication !== null
  }

  /** Bytes from the socket. What does not fit ends the connection; nothing is thrown. */
  push(chunk: Buffer): void {
    if (this.closed) return
    try {
      this.received += chunk.length
      const rest = this.shaken ? chunk : this.handshake.push(chunk)
      if (rest === null) return
      this.shaken = true
      this.chunks.push(rest)
      if (this.received - this.acknowledged > ACKNOWLEDGE_EVERY) {
        this.acknowledged = this.received
        this.reply(replies.received(this.received))
      }
    } catch (error) {
      this.fail(error)
    }
  }

  /** The connection is gone, or has to go. */
  close(): void {
    this.closed = true
    this.publication?.end()
    this.publication = null
    this.stopPlaying?.()
    this.stopPlaying = null
  }

  private take({ type, time, body }: InMessage): void {
    if (this.closed) return
    switch (type) {
      case MESSAGE.command:
        this.command(decodeAmf0(body))
        return
      case MESSAGE.commandAmf3:
        this.command(decodeAmf0(body.subarray(1)))
        return
      case MESSAGE.picture:
        this.picture(time, body)
        return
      case MESSAGE.sound:
        this.sound(time, body)
        return
      case MESSAGE.userControl:
        if (body.length >= 6 && body.readUInt16BE() === 6) this.reply(replies.pong(body.subarray(2, 6)))
        return
      default: // metadata, acknowledgements: nothing that we would go by
        this.publication?.alive()
    }
  }

  private command([name, transaction, object, ...rest]: AmfValue[]): void {
    const id = typeof transaction === 'number' ? transaction : 0
    switch (name) {
      case 'connect':
        this.connect(id, object)
        return
      case 'createStream':
        this.reply(replies.streamMade(id))
        return
      case 'publish':
        this.publish(rest[0])
        return
      case 'play':
        this.play(rest[0])
        return
      case 'FCUnpublish':
      case 'deleteStream':
      case 'closeStream':
        this.publication?.end()
        this.publication = null
        return
      default: // releaseStream, FCPublish, getStreamLength and others want no answer
    }
  }

  private connect(transaction: number, object: AmfValue): void {
    const app = isObject(object) ? object['app'] : undefined
    const name = typeof app === 'string' ? app.replace(/[/?].*$/s, '') : ''
    if (name !== APP) {
      this.socket.write(replies.rejected(transaction, `There is no such place. The server address ends in /${APP}.`))
      this.end('a wrong address')
      return
    }
    this.connected = true
    this.reply(replies.connected(transaction))
  }

  private publish(key: AmfValue): void {
    if (!this.connected || this.isSettled) throw new BadRtmp('publish out of turn')
    try {
      // Programs that have one field for the address put the key behind a question mark: NAME?key=KEY
      const text = typeof key === 'string' ? (/[?&]key=([^&]*)/.exec(key)?.[1] ?? key) : ''
      this.publication = this.host.publish(text, (why) => {
        this.publication = null
        this.refuse('NetStream.Unpublish.Success', why)
      })
      this.chunks.maxMessage = MAX_MEDIA
      this.socket.write(replies.streamBegins())
      this.socket.write(replies.streamStatus('status', 'NetStream.Publish.Start', 'You are live.'))
    } catch (error) {
      if (!(error instanceof StudioError)) throw error
      this.refuse('NetStream.Publish.BadName', error.message)
    }
  }

  private play(name: AmfValue): void {
    if (!this.connected || this.isSettled) throw new BadRtmp('play out of turn')
    let begun = false
    const early: Uint8Array[] = []
    const { socket } = this
    const pipe: ReaderPipe = {
      queued: () => socket.queued(),
      // What the live writes at once must come after the words below.
      write: (bytes) => (begun ? socket.write(bytes) : void early.push(bytes)),
      close: (why) => {
        const stop = this.stopPlaying
        this.stopPlaying = null
        stop?.()
        socket.write(replies.streamEnds())
        this.refuse('NetStream.Play.UnpublishNotify', why ?? 'The live is over.', 'status')
      },
    }
    try {
      this.stopPlaying = this.host.play(typeof name === 'string' ? name.replace(/\?.*$/s, '') : '', pipe, this.address)
    } catch (error) {
      if (!(error instanceof StudioError)) throw error
      this.refuse('NetStream.Play.StreamNotFound', error.message)
      return
    }
    socket.write(replies.streamBegins())
    socket.write(replies.streamStatus('status', 'NetStream.Play.Reset', 'From the beginning.'))
    socket.write(replies.streamStatus('status', 'NetStream.Play.Start', 'The live follows.'))
    begun = true
    for (const bytes of early) socket.write(bytes)
  }

  private picture(time: number, body: Buffer): void {
    if (!this.publication) return
    this.publication.alive()
    const picture = readPicture(body)
    if (picture?.kind === 'config') this.publication.stream.setPicture(picture.config)
    else if (picture) this.publication.stream.take({ ...picture, track: 'picture', timeMs: time })
  }

  private sound(time: number, body: Buffer): void {
    if (!this.publication) return
    this.publication.alive()
    const sound = readSound(body)
    if (sound?.kind === 'config') this.publication.stream.setSound(sound.config)
    else if (sound) {
      const { data } = sound
      this.publication.stream.take({ track: 'sound', key: false, timeMs: time, offsetMs: 0, data })
    }
  }

  private reply(bytes: Uint8Array): void {
    if (this.socket.queued() < MAX_UNREAD) this.socket.write(bytes)
    else if (!this.stopPlaying) throw new BadRtmp('answers are not read') // a player's way is full of pictures
  }

  private fail(error: unknown): void {
    if (error instanceof StudioError) {
      this.refuse('NetStream.Publish.Failed', error.message)
      return
    }
    if (!(error instanceof BadRtmp) && !(error instanceof BadAmf)) this.host.log(`rtmp: ${String(error)}`)
    this.close()
    this.socket.destroy()
  }

  /** Says why and hangs up. */
  private refuse(code: string, words: string, level: 'status' | 'error' = 'error'): void {
    this.socket.write(replies.streamStatus(level, code, words))
    this.end(words)
  }

  private end(why: string): void {
    this.close()
    this.socket.close(why)
  }
}

function isObject(value: AmfValue): value is AmfObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
