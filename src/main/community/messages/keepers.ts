import { createHash } from 'node:crypto'

/** Mailbox peers that should have a piece of mail. */
export const KEEPERS = 3

/**
 * Devices in the order in which they are asked to keep mail for another one: rendezvous hashing (Thaler and
 * Ravishankar 1998) by SHA-256(recipient || device), so that senders with the same neighbours pick the same ones.
 */
export function keepersFor(recipient: string, devices: readonly string[]): string[] {
  return devices
    .filter((device) => device !== recipient)
    .map((device) => ({
      device,
      score: createHash('sha256')
        .update(recipient + device)
        .digest('hex'),
    }))
    .sort((a, b) => (a.score < b.score ? -1 : 1))
    .map(({ device }) => device)
}
