/** Makes the files in `resources/kernel` that are not up to date; returns the path of the beauty kernel. */
export function ensureKernel(): Promise<string>
