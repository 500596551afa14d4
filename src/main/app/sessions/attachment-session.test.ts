import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DirectFile } from '@shared/community/direct-message'
import { AttachmentSession } from './attachment-session'

const PLACE = { conversation: '', message: '', at: 0 }

describe('files of private messages', () => {
  let folder: string
  let plain: Buffer
  let published: Map<string, Buffer>
  let said: DirectFile[]
  let attachments: AttachmentSession

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'we-attach-'))
    plain = randomBytes(200_000)
    writeFileSync(join(folder, 'cat.PNG'), plain)
    published = new Map()
    said = []
    attachments = new AttachmentSession({
      folder: join(folder, 'outbox'),
      choose: () => Promise.resolve([join(folder, 'cat.PNG')]),
      saveAs: (name) => Promise.resolve(join(folder, `saved ${name}`)),
      publish: (path) => {
        published.set('cid', readFileSync(path))
        return Promise.resolve('cid')
      },
      read: async function* (cid) {
        yield await Promise.resolve(published.get(cid)!)
      },
      say: ({ files }) => {
        said.push(...files)
        return Promise.resolve('0x01')
      },
      fileOf: () => Promise.resolve(said[0]!),
      notify: () => undefined,
    })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const send = async (): Promise<void> => {
    const [file] = await attachments.choose()
    expect(file).toMatchObject({ name: 'cat.PNG', type: 'image/png', size: 200_000 })
    await attachments.send({ conversation: '', text: '', ids: [file!.id] })
  }

  it('leave sealed, come back whole, and leave nothing behind', async () => {
    await send()
    expect(published.get('cid')!.includes(plain.subarray(0, 64))).toBe(false)
    expect(readdirSync(join(folder, 'outbox'))).toEqual([])
    expect(await attachments.save(PLACE)).toBe(true)
    expect(readFileSync(join(folder, 'saved cat.PNG')).equals(plain)).toBe(true)
    expect(await attachments.picture(PLACE)).toBe(`data:image/png;base64,${plain.toString('base64')}`)
  })

  it('that were changed on the way are not saved at all, and what was cancelled is not said', async () => {
    await send()
    published.get('cid')![100_000]! ^= 1
    await expect(attachments.save(PLACE)).rejects.toMatchObject({ code: 'attachment-broken' })
    expect(readdirSync(folder).sort()).toEqual(['cat.PNG', 'outbox'])

    said = []
    const [file] = await attachments.choose()
    const sending = attachments.send({ conversation: '', text: '', ids: [file!.id] })
    await attachments.handlers().cancel()
    await expect(sending).rejects.toMatchObject({ code: 'cancelled' })
    expect([said, readdirSync(join(folder, 'outbox'))]).toEqual([[], []])
  })
})
