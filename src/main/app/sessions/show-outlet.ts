/** Takes the show of a running live somewhere else, besides the peers. */
export interface ShowOutlet {
  /** A live has begun, or its media engine was restarted and the show starts anew. */
  beginLive: (title: string) => void
  endLive: () => void
}
