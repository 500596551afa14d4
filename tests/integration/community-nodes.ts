import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { createLibp2p } from 'libp2p'
import { randomBytes } from 'node:crypto'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { LogExchangeService } from '@shared/community/log-exchange-service'
import { connect, type RpcPort } from '@shared/rpc/rpc'
import { ExchangeLine } from '../../src/main/community/log/exchange-line'
import { LogSync } from '../../src/main/community/log/log-sync'
import { TempLog } from '../../src/main/community/testing/temp-log'
import { TestDevice } from '../../src/main/community/testing/test-device'
import { CommunityPort } from '../../src/main/peer/community-port'
import { GossipTopics } from '../../src/main/peer/gossip-topics'
import { libp2pSettings, type NodeServices } from '../../src/main/peer/node-settings'

/** Peers that stall are given up on after this, ms. */
const SILENCE_MS = 3_000

/** A libp2p node on loopback. */
export async function testNode(privateKey?: PrivateKey): Promise<Libp2p<NodeServices>> {
  return createLibp2p(
    libp2pSettings({
      ...{
        privateKey: privateKey ?? (await generateKeyPair('Ed25519')),
        profile: 'test',
        listen: undefined,
        iceServers: [],
      },
      ...{ denies: () => false, found: () => undefined, publicNetwork: null },
    }),
  )
}

/** What one person has: a log and a node, joined by a port that copies, as between the engines of the app. */
export class CommunityNode {
  readonly temp: TempLog
  readonly sync: LogSync
  readonly barred: string[] = []
  readonly #ports = new MessageChannel()
  readonly #port: CommunityPort

  /** `beatMs`: how often neighbours are asked for what gossip did not bring. */
  static async start(beatMs?: number): Promise<CommunityNode> {
    const seed = randomBytes(32)
    const libp2p = await testNode(await generateKeyPairFromSeed('Ed25519', seed))
    const node = new CommunityNode(libp2p, new TestDevice(seed), beatMs)
    await node.#port.attach(libp2p, new GossipTopics(libp2p.services.pubsub, () => undefined))
    return node
  }

  private constructor(
    readonly libp2p: Libp2p<NodeServices>,
    readonly device: TestDevice,
    beatMs?: number,
  ) {
    this.#port = new CommunityPort(rpcPort(this.#ports.port1), SILENCE_MS)
    this.temp = new TempLog({ key: device, now: Date.now })
    const connected = (handlers: ConstructorParameters<typeof ExchangeLine>[0]): ExchangeLine => {
      const line = new ExchangeLine(handlers)
      line.connect(connect<LogExchangeService>(rpcPort(this.#ports.port2)))
      const bar = line.bar.bind(line)
      line.bar = (peer, reason) => {
        this.barred.push(reason)
        bar(peer, reason)
      }
      return line
    }
    this.sync = new LogSync(this.temp.log, connected, undefined, undefined, beatMs)
  }

  get peerId(): string {
    return this.libp2p.peerId.toString()
  }

  async dial(other: Libp2p): Promise<void> {
    await this.libp2p.dial(other.getMultiaddrs())
  }

  async stop(): Promise<void> {
    await this.sync.stop()
    await this.#port.detach()
    await this.libp2p.stop()
    this.#ports.port1.close()
    this.temp.remove()
  }
}

/** A port of a worker as both ends of a line take it. */
export function rpcPort(port: MessagePort): RpcPort {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
  }
}
