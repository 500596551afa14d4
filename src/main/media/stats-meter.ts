import type { MediaStats } from '@shared/media/media-stats'
import { CpuMeter } from './encode/cpu-meter'
import type { FramePipeline, PipelineCounters } from './frame-pipeline'

/** What the meter reads of an encoding. */
interface ShowCounters {
  frames: number
  bytes: number
  settings: { encoder: string; kbps: number }
  avOffsetMs: number
  takeEncodeTimes(): number[]
}

/** Turns running counters into the figures of the last second. */
export class StatsMeter {
  private base: Pick<PipelineCounters, 'framesIn' | 'late' | 'reduced'> = { framesIn: 0, late: 0, reduced: 0 }
  private framesOut = 0
  private showBytes = 0
  private since = performance.now()
  private readonly cpu = new CpuMeter()

  /** Counts start at 0 with this source. */
  startSource({ counters }: FramePipeline): void {
    this.base = { framesIn: counters.framesIn, late: counters.late, reduced: counters.reduced }
    this.framesOut = counters.framesOut
    this.since = performance.now()
    counters.processMs = []
  }

  startShow(): void {
    this.showBytes = 0
  }

  take(
    { counters }: FramePipeline,
    lost: number,
    show: ShowCounters | null,
    audioPeakDb: number,
  ): Omit<MediaStats, 'step' | 'renditions'> {
    const now = performance.now()
    const seconds = Math.max(0.001, (now - this.since) / 1000)
    const frames = counters.framesOut - this.framesOut
    const bits = show ? (show.bytes - this.showBytes) * 8 : 0
    const times = counters.processMs.sort((a, b) => a - b)
    this.since = now
    this.framesOut = counters.framesOut
    this.showBytes = show?.bytes ?? 0
    counters.processMs = []
    const encodeTimes = show?.takeEncodeTimes().sort((a, b) => a - b) ?? []
    return {
      fps: round(frames / seconds),
      framesIn: counters.framesIn - this.base.framesIn,
      framesEncoded: show?.frames ?? 0,
      lateFrames: counters.late - this.base.late,
      droppedFrames: lost,
      reducedFrames: counters.reduced - this.base.reduced,
      bitrateKbps: Math.round(bits / seconds / 1000),
      faces: counters.faces,
      processP50Ms: round(percentile(times, 0.5)),
      processP95Ms: round(percentile(times, 0.95)),
      audioPeakDb,
      cpuPercent: this.cpu.take(),
      encodeMs: round(percentile(encodeTimes, 0.5)),
      avOffsetMs: round(show?.avOffsetMs ?? 0),
      encoder: show?.settings.encoder ?? '',
      targetKbps: show?.settings.kbps ?? 0,
    }
  }
}

/** Of sorted values; 0 of none. */
export function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
