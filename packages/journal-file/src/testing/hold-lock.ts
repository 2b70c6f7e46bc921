/** A process of its own for tests: takes the lock of the directory in its argument, tells what happened, and stays until it is ended. */
import { DirectoryLockedError, lockDirectory } from '../directory-lock.js'

try {
  await lockDirectory(process.argv[2]!)
  process.send!('held')
  // The lock alone keeps no process alive.
  process.on('message', () => undefined)
} catch (error) {
  process.send!(error instanceof DirectoryLockedError ? `refused ${error.pid}` : String(error))
  process.disconnect()
}
