import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AbstractMessageStream } from '@libp2p/utils'

/** `--trace FOLDER`: each process writes there what happened when, so that a stall or a slow start can be looked into. */
const FOLDER = process.env['WE_BENCH_TRACE']

/** Milliseconds of the wall clock, the same for all processes of the machine. */
const clock = (): number => Math.round((performance.timeOrigin + performance.now()) * 10) / 10

const events: { at: number; [field: string]: unknown }[] = []

export const isTraced = FOLDER !== undefined

/** Notes an event of this process. */
export function trace(what: string, fields: Record<string, unknown> = {}): void {
  if (isTraced) events.push({ at: clock(), what, ...fields })
}

/** Notes each 20 ms what waits, and which protocols the bytes are of that were written since. */
export function traceLine(waiting: () => Record<string, number>): void {
  if (!isTraced) return
  const bytes = countByProtocol()
  setInterval(() => {
    const now = waiting()
    const sent = Object.fromEntries(bytes)
    bytes.clear()
    if (Object.keys(sent).length > 0 || Object.values(now).some((one) => one > 0)) trace('line', { ...now, sent })
  }, 20).unref()
}

/** Bytes that go into streams of the muxer from now on, by protocol; those of a negotiation count as `?`. */
function countByProtocol(): Map<string, number> {
  const bytes = new Map<string, number>()
  const { prototype } = AbstractMessageStream as unknown as {
    prototype: { send: (this: { protocol?: string }, data: { byteLength: number }) => boolean }
  }
  const { send } = prototype
  prototype.send = function (data) {
    const name = 'protocol' in this ? this.protocol || '?' : 'connections'
    bytes.set(name, (bytes.get(name) ?? 0) + data.byteLength)
    return send.call(this, data)
  }
  return bytes
}

/** Writes what was noted and begins anew. */
export function writeTrace(role: string): void {
  if (FOLDER === undefined) return
  writeFileSync(join(FOLDER, `${role}-${process.pid}.json`), JSON.stringify(events.splice(0)))
}
