/** How the own show gets to a relay, and where viewers find it there. */
export interface RelayHandOver {
  /** Where it is posted; null: to no relay. */
  target: RelayTarget | null
  /** `RelayUrl`s; told to viewers. */
  watch: string[]
}

export interface RelayTarget {
  /** `/live/NAME.we` of the relay. */
  url: string
  /** The stream key of NAME there. */
  key: string
}
