/** Tools for tests of exchanges and of what extends them: import from here. */
export { journalContract, type OpenJournal } from './contracts/journal-contract.js'
export { snapshotStoreContract, type SnapshotStoreFixture } from './contracts/snapshot-store-contract.js'
export { assetAdapterContract, type AssetAdapterFixture } from './contracts/asset-adapter-contract.js'
