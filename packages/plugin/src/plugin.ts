/** The contract of a plugin: a plain object that adds something to an exchange. */
import type { AssetAdapter } from './asset-adapter.js'

export interface Plugin {
  readonly name: string
  readonly apiVersion: 1
  readonly assetAdapters?: readonly AssetAdapter[]
}

/** Checks the shape once and refuses a plugin of another version. */
export function definePlugin(plugin: Plugin): Plugin {
  if (plugin.apiVersion !== 1) {
    throw new Error(`Plugin "${plugin.name}" was written for plugin API ${String(plugin.apiVersion)}; this exchange speaks 1. Install a matching version.`)
  }
  return plugin
}
