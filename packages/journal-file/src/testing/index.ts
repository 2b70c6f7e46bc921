/** For tests of what stands on the file storage: a disk that fails, tears, fills up and loses power on command. */
export { KilledError, seededRandom, SimulatedDisk, type DiskOperation, type Fault } from './simulated-disk.js'
