import type { Sign } from '@shared/live/signed-record'
import type { AccessConfig, AccessUnit, SegmentBorders } from '@shared/media/access-unit'
import { settingsOf, type MeshPlan } from '@shared/mesh/mesh-plan'
import { SourceBudget } from '@shared/mesh/source-budget'
import { ChunkSealer, type SealedChunk } from './chunk-sealer'
import { MeshMember, type MeshLinks } from './mesh-member'
import { UnitBatcher } from './unit-batcher'

export interface MeshSourceOptions {
  ownPeerId: string
  showCid: string
  publicKey: Uint8Array
  sign: Sign
  plan: MeshPlan
  fps: number
  /** Unix milliseconds. */
  startedAt: number
  /** Most that may be sent, kilobits a second; Infinity: no limit. */
  uplinkKbps: number
  links: MeshLinks
  /** The mesh brings this member the records of the show, or no longer does. */
  onCarried: (peerId: string, on: boolean) => void
  /** Each chunk, as it goes out. */
  onChunk: (chunk: SealedChunk) => void
}

const BUDGET_MS = 1_000

/** The broadcaster's place at the root of the mesh: what the encoder gives goes out as signed pieces at once. */
export class MeshSource {
  readonly member: MeshMember
  readonly #batcher: UnitBatcher
  readonly #sealer: ChunkSealer
  readonly #budget: SourceBudget
  readonly #budgetTimer: NodeJS.Timeout

  constructor(options: MeshSourceOptions) {
    const { ownPeerId, showCid, publicKey, sign, plan, fps, startedAt, uplinkKbps, links, onCarried } = options
    const settings = settingsOf(plan, fps)
    this.#budget = new SourceBudget(settings, uplinkKbps * 1000)
    this.member = new MeshMember({
      ...{ ownPeerId, showCid, publicKey, settings, links, onCarried },
      source: ownPeerId,
      uplinkBps: this.#budget.bps,
      onItems: () => undefined,
      onGap: () => undefined,
      onNoPlace: () => {
        if (this.#budget.noPlace(performance.now())) this.member.setMeasured(this.#budget.bps)
      },
    })
    this.#budgetTimer = setInterval(() => {
      if (this.#budget.quiet(performance.now())) this.member.setMeasured(this.#budget.bps)
    }, BUDGET_MS)
    this.#sealer = new ChunkSealer(showCid, sign, { k: plan.data, n: plan.stripes, listed: plan.listed })
    this.#batcher = new UnitBatcher(plan.pictures, (items, capturedAt, key) => {
      const timeMs = Math.max(0, Math.round((capturedAt === 0 ? Date.now() : capturedAt) - startedAt))
      const chunks = this.#sealer.seal(items, timeMs, key)
      this.member.publish(chunks)
      for (const chunk of chunks) options.onChunk(chunk)
    })
    this.member.start([])
  }

  config(config: AccessConfig): void {
    this.#batcher.config(config)
  }

  unit(unit: AccessUnit): void {
    this.#batcher.unit(unit)
  }

  /** A segment of these units was sealed under this signed record. */
  segment(borders: SegmentBorders, record: Uint8Array): void {
    this.#batcher.segment({ t: 'segment', borders, record })
  }

  /** Most that may be sent from now on, bits a second; Infinity: no limit. */
  setUplink(bps: number): void {
    this.#budget.limitBps = bps
    this.member.setMeasured(this.#budget.bps)
  }

  stop(): void {
    clearInterval(this.#budgetTimer)
    this.#batcher.flush()
    this.member.stop()
  }
}
