/** Pieces in one gift. */
export const MAX_GIFT_QTY = 9_999
/** Letters of the words that go with a gift. */
export const MAX_GIFT_TEXT = 120
/** Letters of what the giver is called. */
export const MAX_GIFT_NAME = 40
