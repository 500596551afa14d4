import { StudioError } from '../errors'

/** Why a block was refused. `block-gap` is no offence: blocks before it are missing. */
export type BlockErrorCode =
  | 'block-malformed'
  | 'block-too-large'
  | 'block-foreign'
  | 'block-gap'
  | 'block-forked'
  | 'block-unsigned'
  | 'block-future'
  | 'block-time'
  | 'block-forged'
  /** Proof of fault: one key stands for two blocks of the same height. */
  | 'block-double-signed'
  | 'block-not-due'

/** A block that does not follow the rules: refused as a whole, and whoever sent it can be named with the reason. */
export class BlockError extends StudioError {
  declare readonly code: BlockErrorCode

  constructor(
    code: BlockErrorCode,
    message: string,
    /** Height that it claims; null when not even that can be read. */
    readonly height: number | null,
    options?: { cause?: unknown },
  ) {
    super(code, message, options)
    this.name = 'BlockError'
  }
}
