/** Makes `resources/kernel/beauty.wasm` when it is not up to date and returns its path; see kernel.mjs. */
export function ensureKernel(): Promise<string>
