/** What the beauty kernel needs of WebAssembly: TypeScript declares it only for browsers (lib.dom). */
declare namespace WebAssembly {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- nothing of it is used but that it is one
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Memory {
    /** @param descriptor sizes in pages of 64 KiB */
    constructor(descriptor: { initial: number; maximum: number })
    readonly buffer: ArrayBuffer
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Exports
  }
  type Exports = Record<string, unknown>
}
