/** For tests of what stands on the file storage: a disk that fails, tears, fills up and loses power on command, and time that passes when it is told to. */
export { KilledError, seededRandom, SimulatedDisk, type DiskOperation, type Fault, type PowerCutCounts } from './simulated-disk.js'
export { SimulatedTime } from './simulated-time.js'
