import type { LiveSwarm, Dialer } from '../live-swarm'
import type { MeshLinks } from './mesh-member'

const REMEMBERED = 512

/** The mesh of a show over the live streams of its swarm. */
export function swarmLinks(swarm: () => LiveSwarm, dialer: Dialer): MeshLinks {
  const introduced = new Set<string>()
  return {
    send: (peerId, body) => swarm().sendMesh(peerId, body),
    stream: (peerId) => swarm().meshLink(peerId),
    connect: (peerId) => void swarm().connect(peerId),
    introduce: (to, about) => {
      const news = about.filter((peerId) => peerId !== to && !introduced.has(`${to} ${peerId}`))
      if (news.length === 0) return null
      for (const peerId of news) introduced.add(`${to} ${peerId}`)
      if (introduced.size > REMEMBERED) introduced.clear()
      return swarm().tellAddresses(to, news)
    },
    openStripe: (peerId, signal) => dialer.openStripe(peerId, signal),
    refuse: (peerId, reason) => swarm().refuse(peerId, reason),
  }
}
