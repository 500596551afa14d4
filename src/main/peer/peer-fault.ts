/** A peer broke a rule that no honest one breaks: its connection ends, and it is kept out for a while (`ConnectionLimits`). */
export class PeerFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PeerFault'
  }
}
