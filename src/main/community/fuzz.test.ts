import { describe, expect, it } from 'vitest'
import { encodeEnvelope, readEnvelope } from '@shared/community/entry-envelope'
import { EntryRefused } from '@shared/community/entry-refused'
import { encodeAnswer, encodeLogRequest, readAnswerFrame, readLogRequest } from '@shared/community/log-messages'
import {
  encodeFetched,
  encodeMailRequest,
  encodeVerdicts,
  KEPT,
  readFetched,
  readMailRequest,
  readVerdicts,
} from '@shared/community/mail-messages'
import { encodeRoomAnswer, encodeRoomRequest, readRoomFrame, readRoomRequest } from '@shared/community/room-request'
import { fuzz } from '../platform/testing/fuzz'
import { RoomVoice, testRoomReader } from './testing/room-voice'

const NOW = 1_795_363_172_225
const ROOM = 'bench/room'
const key = new Uint8Array(32).fill(5)
const refusal = (error: unknown): boolean => error instanceof EntryRefused
const never = (): boolean => false

describe('bytes of peers that mean no good are read or refused', () => {
  it('what is asked of logs and rooms, and what is answered', async () => {
    const voice = await RoomVoice.of()
    const entries = [voice.grant, voice.entry('chat', { room: ROOM, text: 'Grüß dich 👋' }, NOW)]
    const requests = [
      encodeLogRequest({ a: key, from: 7, limit: 2_000, bodies: true }),
      encodeLogRequest({ of: key.subarray(12) }),
    ]
    fuzz(0.04, requests, (input) => void readLogRequest(input), never)
    fuzz(0.04, encodeAnswer(entries), (input) => readAnswerFrame(input), refusal)
    fuzz(0.04, [encodeRoomRequest({ r: ROOM, before: NOW, limit: 50 })], (input) => void readRoomRequest(input), never)
    const said = voice.say(ROOM, 'hello', NOW)
    fuzz(0.04, encodeRoomAnswer([said, said]), (input) => readRoomFrame(input), refusal)
    const { refused } = fuzz(0.04, [said], (input) => testRoomReader(() => true).open(input, ROOM, NOW), refusal)
    expect(refused).toBeGreaterThan(0)
  })

  it('entries, mail and what is said of it', async () => {
    const { grant } = await RoomVoice.of()
    const { headerBytes, signature } = readEnvelope(grant.envelope)
    fuzz(0.04, [grant.envelope, encodeEnvelope(headerBytes, signature)], (input) => readEnvelope(input), refusal)
    const mail = [new Uint8Array(300).fill(9)]
    const requests = [
      encodeMailRequest({ ask: 'deliver', mail, grants: [grant] }),
      encodeMailRequest({ ask: 'keep', to: key, mail, grants: [] }),
      encodeMailRequest({ ask: 'fetch', skip: 3 }),
      encodeMailRequest({ ask: 'drop', ids: [key, key] }),
    ]
    fuzz(0.04, requests, (input) => readMailRequest(input), refusal)
    fuzz(0.04, [encodeFetched({ from: key, mail: mail[0]!, grants: [grant] })], (input) => readFetched(input), refusal)
    fuzz(0.02, [encodeVerdicts(KEPT, ['kept', 'full'])], (input) => readVerdicts(KEPT, input, 2), refusal)
  })
})
