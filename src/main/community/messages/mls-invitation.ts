import { decode } from '@ipld/dag-cbor'
import { decodeMlsMessage, type CiphersuiteImpl, type KeyPackage, type PrivateKeyPackage, type Welcome } from 'ts-mls'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js'
import { MessageRefused } from './message-refused'

/** What `newKeyPackage` made, for joining. */
export interface OwnPackage extends PrivateKeyPackage {
  readonly publicPackage: KeyPackage
}

export function readSecrets(secrets: Uint8Array): OwnPackage {
  const own = decode<Omit<OwnPackage, 'publicPackage'> & { package: Uint8Array }>(secrets)
  const message = decodeMlsMessage(own.package, 0)?.[0]
  if (message?.wireformat !== 'mls_key_package') throw new Error('an own key package that cannot be read')
  return { ...own, publicPackage: message.keyPackage }
}

/** ts-mls takes a welcome from any member; here only the owner's counts, as only the owner's commits do. */
export async function mustBeOwners(welcome: Welcome, own: OwnPackage, suite: CiphersuiteImpl): Promise<void> {
  const ref = await makeKeyPackageRef(own.publicPackage, suite.hash)
  const { hpke } = suite
  const secrets = await decryptGroupSecrets(await hpke.importPrivateKey(own.initPrivateKey), ref, welcome, hpke)
  if (secrets === undefined || secrets.psks.length > 0) throw new MessageRefused('malformed', 'no plain invitation')
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, new Uint8Array(suite.kdf.size), suite)
  if (info?.signer !== 0) throw new MessageRefused('not-owner', 'an invitation by somebody else than the owner')
  if (info.groupContext.groupId.length !== 32) throw new MessageRefused('malformed', 'another kind of group')
}
