import { expect, it } from 'vitest'
import { ReaderRoom } from './reader-room'

const MEGABIT = (): number => 125_000
const OTHERS = '192.168.1.7'

it('as many viewers as the line carries get in, this computer besides them; when less is left the newest go', () => {
  const room = new ReaderRoom()
  const out: string[] = []
  const enter = (name: string): (() => void) | null => room.enter(OTHERS, MEGABIT, () => out.push(name))
  expect(enter('before any limit')).not.toBeNull()
  room.kbps = 2_500
  expect(enter('second')).not.toBeNull()
  expect(enter('third')).toBeNull()
  for (const own of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect(room.enter(own, MEGABIT, () => undefined)).not.toBeNull()
  expect(room.takenKbps).toBe(2_000)
  room.kbps = 1_500
  expect(out).toEqual(['second'])
  expect(room.refused).toBe(2)
  room.kbps = null
  expect(enter('no limit')).not.toBeNull()
})

it('a live whose rate rises does not push the line over what is left; a place that is left is free', () => {
  const room = new ReaderRoom()
  let rate = 0
  const out: string[] = []
  room.kbps = 2_000
  const leave = room.enter(
    OTHERS,
    () => rate,
    () => out.push('first'),
  )
  room.enter(
    OTHERS,
    () => rate,
    () => out.push('second'),
  )
  expect(room.takenKbps).toBe(600)
  rate = 150_000
  room.settle()
  expect(out).toEqual(['second'])
  leave!()
  expect(room.takenKbps).toBe(0)
})

it('a player of HLS holds its place while it asks, and loses it when it asks no more', () => {
  let now = 0
  const room = new ReaderRoom(() => now)
  room.kbps = 1_200
  expect(room.ask(OTHERS, 'anna', MEGABIT)).toBe(true)
  expect(room.ask(OTHERS, 'ben', MEGABIT)).toBe(false)
  now = 7_000
  expect(room.ask(OTHERS, 'anna', MEGABIT)).toBe(true)
  now = 14_000
  expect(room.ask(OTHERS, 'ben', MEGABIT)).toBe(false)
  now = 15_001
  expect(room.ask(OTHERS, 'ben', MEGABIT)).toBe(true)
})
