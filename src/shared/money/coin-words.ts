import { formatWe, plainWe } from './we-amount'

/** An amount of a network's own coin (18 decimals), with the four digits that matter: fees are small. */
export function coinWords(wei: bigint): string {
  const [whole = '0', part = ''] = plainWe(wei).split('.')
  if (whole !== '0' || part === '') return formatWe(wei)
  const zeros = /^0*/.exec(part)![0].length
  return `0.${part.slice(0, zeros + 4)}`
}
