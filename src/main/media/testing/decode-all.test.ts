import { afterAll, expect, test } from 'vitest'
import { Clips, complaints } from './clips'

const clips = new Clips()
afterAll(() => clips.remove())

/** A live of two seconds that says 20 pictures a second of itself, at the times `at` (seconds, of picture N). */
const live = (name: string, at: string): string =>
  clips.make(
    ...['-f', 'lavfi', '-i', 'testsrc=s=160x90:r=20:d=2', '-vf', `settb=1/1000,setpts='(${at})/TB'`],
    ...['-vsync', '0', '-enc_time_base', '1/1000', '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', name],
  )

test('a live of uneven pictures that goes faster than it says is clean; two pictures at one time are not', () => {
  expect(complaints(live('faster.flv', '(N+0.3*sin(N*7))/30'))).toBe('')
  expect(complaints(live('twice.flv', 'floor(N/2)/10'))).toContain('non monotonically increasing dts')
})
