/** Makes what is not up to date in `resources/kernel` and returns the path of one file, `NAME.wasm`; see kernel.mjs. */
export function ensureKernel(name?: 'face' | 'beauty' | 'background' | 'scene' | 'ed25519'): Promise<string>
