import type { LivePacket, SoundConfig } from '../live-packet'
import type { TranscodeProgram } from '../relay-parts'
import type { RelayStream } from '../relay-stream'
import { OpusMaker, type OpusPacket } from '../rtc/opus-maker'

/** Opus of lives for all who watch them over WebRTC: one ffmpeg for each live, while there is such a viewer. */
export class OpusShare {
  private readonly lives = new Map<RelayStream, { takers: Set<(packet: OpusPacket) => void>; stop: () => void }>()

  constructor(private readonly ffmpeg: (args: string[]) => TranscodeProgram) {}

  /** Returns how to end it. */
  follow(stream: RelayStream, take: (packet: OpusPacket) => void): () => void {
    const live = this.lives.get(stream) ?? this.begin(stream)
    live.takers.add(take)
    return () => {
      live.takers.delete(take)
      if (live.takers.size === 0) live.stop()
    }
  }

  private begin(stream: RelayStream): { takers: Set<(packet: OpusPacket) => void>; stop: () => void } {
    const takers = new Set<(packet: OpusPacket) => void>()
    const maker = new OpusMaker(this.ffmpeg, (packet) => {
      for (const take of takers) take(packet)
    })
    let sound: SoundConfig | null = null
    const leave = stream.follow({
      config: (config) => (sound = config.sound),
      packet: (packet: LivePacket) => {
        if (packet.track === 'sound' && sound) maker.take(packet.timeMs, packet.data, sound.asc)
      },
      end: () => maker.close(),
    })
    const live = {
      takers,
      stop: () => {
        leave()
        maker.close()
        this.lives.delete(stream)
      },
    }
    this.lives.set(stream, live)
    return live
  }
}
