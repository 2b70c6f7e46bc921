/** The stages in the order in which they run. */
import type { Stage } from '../stage.js'
import { durableLatency } from './durable-latency.js'
import { durable } from './durable.js'
import { engine } from './engine.js'
import { flashCrashStage } from './flash-crash.js'
import { marketData } from './market-data.js'
import { matching } from './matching.js'
import { memory } from './memory.js'
import { replay } from './replay.js'
import { scale } from './scale.js'
import { snapshot } from './snapshot.js'

export const STAGES: readonly Stage[] = [matching, engine, durable, durableLatency, marketData, scale, flashCrashStage, replay, snapshot, memory]
