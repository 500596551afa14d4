import '../../platform/runtime-floor'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import type { MailExchangeService } from '@shared/community/mail-exchange-service'
import type { CommunityService } from '@shared/engines/community-service'
import { StudioError } from '@shared/errors'
import type { CommunityHandlers, CommunityTell } from '@shared/ipc/community-schema'
import { connect, serve } from '@shared/rpc/rpc'
import { sideLine } from '@shared/rpc/side-line'
import { BackupDesk } from '../../community/engine/backup-desk'
import { Community } from '../../community/engine/community'
import { communityHandlers } from '../../community/engine/community-handlers'
import { forYouThread } from '../../community/recommend/for-you-line'
import { ed25519Signer, useSignatureKernel } from '../../platform/ed25519'
import { lineLog } from '../../platform/log'
import { deviceSeed, loadDeviceKey } from '../../wallet/device-key'
import { onPort, parentRpcPort, portRpc } from './parent-port'

/** Entry of the community utility process: the signed logs, the index, rooms and messages; no sockets. */
let community: Community | null = null
let handlers: CommunityHandlers | null = null
let desk: BackupDesk | null = null

type AnyHandler = (input: unknown) => unknown

const emit = serve<CommunityService>(parentRpcPort(), {
  async start({ dataDir, passphrase, signatureKernel, version }) {
    useSignatureKernel(signatureKernel, (line) => console.error(`warn ${line}`))
    const device = await loadDeviceKey(dataDir, passphrase === null ? {} : { passphrase })
    const { peerKey } = device
    community = await Community.open({
      dir: join(dataDir, 'community'),
      key: { publicKey: peerKey.publicKey.raw, sign: ed25519Signer(peerKey.raw) },
      seed: deviceSeed(device),
      version,
      log: lineLog((line) => console.error(line)),
    })
    const learning = forYouThread(community.dir, fileURLToPath(new URL('for-you-worker.js', import.meta.url)))
    const tell: CommunityTell = (group, name, payload) => emit('told', { group, name, payload })
    handlers = communityHandlers(community, tell, learning)
    return undefined
  },
  grant(grant) {
    running().grant(grant)
    return undefined
  },
  ask({ group, name, input }) {
    running()
    const called = (handlers![group] as Record<string, AnyHandler>)[name]
    if (called === undefined) throw new StudioError('unknown-call', `There is no call named ${group}.${name}.`)
    return called(input)
  },
  async messageFile({ conversation, message, at }) {
    const file = (await running().messages.messages()).line(conversation, message)?.body.files?.[at]
    if (file !== undefined) return file
    throw new StudioError('attachment-gone', 'This file is not in the message any more.')
  },
  makeBackup: (path) => backups().make(path),
  lookAtBackup: (path) => backups().look(path),
  restoreBackup: (path) => backups().restore(path),
  nostrDrafts: (pubkey) => backups().nostr(pubkey),
  cancelBackup() {
    desk?.cancel()
    return undefined
  },
  async close() {
    desk?.cancel()
    await community?.close() // the databases before the process
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

function running(): Community {
  if (community === null) throw new StudioError('engine-not-ready', 'The community part has not been started.')
  return community
}

function backups(): BackupDesk {
  if (desk !== null) return desk
  desk = new BackupDesk(running())
  desk.onProgress = (done) => emit('backupProgress', done)
  return desk
}

onPort((use, port) => {
  if (use !== 'exchange') return
  const exchange = connect<CommunityExchangeService>(portRpc(port))
  const mail = connect<MailExchangeService>(sideLine(portRpc(port), 'mail'))
  const gone = new StudioError('engine-gone', 'The network engine stopped.')
  port.once('close', () => [exchange, mail].forEach((line) => line.disconnect(gone)))
  running().connect(exchange)
  running().messages.line.connect(mail)
  port.start()
})
