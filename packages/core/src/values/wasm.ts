/** As much of WebAssembly as the engine uses: the types of the language leave it to those of a platform. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** A compiled module, and what it exports once it has been given a memory. */
export type WasmModule = object
export interface WasmInstance {
  readonly exports: Readonly<Record<string, (...numbers: number[]) => number>>
}

interface Wasm {
  readonly Memory: new (size: { initial: number }) => WasmMemory
  readonly Module: new (code: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: { env: { memory: WasmMemory } }) => WasmInstance
}

export const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm }
