/** Words for figures, as a person reads them at a glance. What is not known yet is a dash. */
export const UNKNOWN = '–'

/** Frames per second: `29.97` is `30`, `24.4` is `24.4`. */
export function formatFps(fps: number): string {
  const rounded = Math.round(fps * 10) / 10
  return Math.abs(rounded - Math.round(rounded)) <= 0.1 ? String(Math.round(rounded)) : rounded.toFixed(1)
}

/** Kilobits per second: `850 kbps`, from 1000 on `2.5 Mbps`. */
export function formatBitrate(kbps: number): string {
  return kbps < 1000 ? `${Math.round(kbps)} kbps` : `${(kbps / 1000).toFixed(1)} Mbps`
}

/** Milliseconds: `240 ms`, from one second on `1.4 s`. */
export function formatDelay(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** Bytes in powers of 1000, as disks and networks count: `820 B`, `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]!}`
}

/** A running clock: `0:07`, `12:30`, `1:02:03`. Never negative, since clocks of two machines differ. */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor(total / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`
}

/** How loud, 0 to 1 of the meter: -60 dBFS and below is empty, 0 dBFS is full. */
export function meterLevel(peakDb: number): number {
  return Math.min(1, Math.max(0, (peakDb + 60) / 60))
}
