import { BlockList } from 'node:net'

/** Addresses that never leave the local network: RFC 1918, 3927, 4193, 4291, 6598 (carrier NAT is left out: not local). */
export const LOCAL_NETWORKS = new BlockList()
LOCAL_NETWORKS.addSubnet('10.0.0.0', 8)
LOCAL_NETWORKS.addSubnet('172.16.0.0', 12)
LOCAL_NETWORKS.addSubnet('192.168.0.0', 16)
LOCAL_NETWORKS.addSubnet('169.254.0.0', 16)
LOCAL_NETWORKS.addSubnet('127.0.0.0', 8)
LOCAL_NETWORKS.addSubnet('fc00::', 7, 'ipv6')
LOCAL_NETWORKS.addSubnet('fe80::', 10, 'ipv6')
LOCAL_NETWORKS.addAddress('::1', 'ipv6')
