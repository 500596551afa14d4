import { RpcError } from './rpc-error'

/** JSON-RPC's way of writing numbers and bytes (Ethereum execution API). Each reader throws RpcError -32602. */
export function invalid(message: string): RpcError {
  return new RpcError(-32_602, message)
}

export function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

export function readBytes(value: unknown, length?: number): Uint8Array {
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(value))
    throw invalid('Not bytes in hexadecimal digits.')
  const bytes = new Uint8Array(Buffer.from(value.slice(2), 'hex'))
  if (length !== undefined && bytes.length !== length) throw invalid(`${bytes.length} bytes, ${length} are needed.`)
  return bytes
}

export function readQuantity(value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value))
    throw invalid('Not a number in hexadecimal digits.')
  return BigInt(value)
}

export function readFields(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('An object is needed.')
  return value as Record<string, unknown>
}
