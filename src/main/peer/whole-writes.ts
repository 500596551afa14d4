import type { Transport } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { eachConnection } from './each-connection'

/**
 * A transport whose connections write each message at once. An encrypted message comes as its length, header, data and tag
 * in parts of their own, and @libp2p/tcp writes each of them with a system call, which is a packet too, as its sockets do
 * not delay: four of each for a picture instead of one, here and at the receiver.
 */
export function wholeWrites<C, T extends Transport>(create: (components: C) => T): (components: C) => T {
  return eachConnection(create, (connection) => {
    const write = connection.sendData.bind(connection)
    connection.sendData = (data) => write(new Uint8ArrayList(data.subarray()))
  })
}
