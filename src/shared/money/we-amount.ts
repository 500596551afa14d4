/** Amounts of WE travel and are counted in wei (10^-18 WE), as bigint; text is for people only. */
export const WE_DECIMALS = 18
export const WEI_PER_WE = 10n ** BigInt(WE_DECIMALS)

/** Reads what a person typed ("12", "0.5", "1,000.25"; spaces and commas group thousands). Null when it is no amount. */
export function parseWe(text: string): bigint | null {
  const plain = text.trim().replace(/(?<=\d)[, _](?=\d{3}(\D|$))/g, '')
  const match = /^(\d{1,30})(?:\.(\d{1,18}))?$/.exec(plain)
  if (match === null) return null
  const [, whole = '0', part = ''] = match
  return BigInt(whole) * WEI_PER_WE + BigInt(part.padEnd(WE_DECIMALS, '0'))
}

/**
 * An amount in wei as a person reads it: thousands grouped, no trailing zeros, cut (never rounded up) after
 * `maxDecimals` places; what is too small for them shows as "<0.01" instead of as nothing.
 */
export function formatWe(wei: bigint, { maxDecimals = 2 }: { maxDecimals?: number } = {}): string {
  const sign = wei < 0n ? '-' : ''
  const size = wei < 0n ? -wei : wei
  const unit = 10n ** BigInt(WE_DECIMALS - maxDecimals)
  if (size > 0n && size < unit) return `${sign}<${plainWe(unit)}`
  const cut = size - (size % unit)
  const [whole = '0', part] = plainWe(cut).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return sign + (part === undefined ? grouped : `${grouped}.${part}`)
}

/** Every digit, without grouping: for files, links and machines. `parseWe` reads it back. */
export function plainWe(wei: bigint): string {
  const sign = wei < 0n ? '-' : ''
  const size = wei < 0n ? -wei : wei
  const part = (size % WEI_PER_WE).toString().padStart(WE_DECIMALS, '0').replace(/0+$/, '')
  const whole = (size / WEI_PER_WE).toString()
  return sign + (part === '' ? whole : `${whole}.${part}`)
}
