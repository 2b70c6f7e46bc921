/** The stages in the order in which they run. */
import type { Stage } from '../stage.js'
import { engine } from './engine.js'

export const STAGES: readonly Stage[] = [engine]
