import type { AccessConfig, AccessUnit } from './access-unit'

/**
 * Where a broadcaster in the same process, or another engine, hands its encoded units to a relay: no RTMP in between.
 * Units name their configuration, which must have come before.
 */
export interface RelayIntake {
  config: (config: AccessConfig) => void
  unit: (unit: AccessUnit) => void
  /** The show is over: readers are told at once. */
  end: () => void
}
