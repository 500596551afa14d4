import { StudioError } from '@shared/errors'

/** A signature that is not given, whatever anybody answers. `code` begins with `sign-`. */
export function refusal(code: `sign-${string}`, reason: string): StudioError {
  return new StudioError(code, `Not signed: ${reason}`)
}
