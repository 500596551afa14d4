import { AAC_FRAME } from '@shared/media/fmp4-writer'
import type { AccessConfig } from '@shared/media/access-unit'
import type { RelayIntake } from '@shared/media/relay-intake'
import { pictureConfig, soundConfig } from './flv/flv-media'
import type { Publication } from './relay-hub'

/** Takes the access units of our own encoder as a publication; slots and frame numbers become times. */
export function unitIntake(publication: Publication, over: () => void): RelayIntake {
  const { stream } = publication
  let current: (AccessConfig & { rate: number }) | null = null
  return {
    config(config) {
      const picture = pictureConfig(config.avcC)
      const sound = soundConfig(config.asc)
      if (current && current.id !== config.id) stream.restart() // another encoding counts from 0 again
      stream.setPicture({ ...picture, width: config.width, height: config.height })
      stream.setSound(sound)
      current = { ...config, rate: sound.rate }
    },
    unit(unit) {
      if (unit.configId !== current?.id) return // of an encoding that is over
      publication.alive()
      const { track, data } = unit
      if (track === 'picture') {
        const timeMs = (unit.slot * 1000) / current.fps
        stream.take({ track, key: unit.key, timeMs, offsetMs: 0, data })
      } else {
        const timeMs = (unit.frame * AAC_FRAME * 1000) / current.rate
        stream.take({ track, key: false, timeMs, offsetMs: 0, data })
      }
    },
    end() {
      publication.end()
      over()
    },
  }
}
