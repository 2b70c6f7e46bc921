/**
 * Has schemas check without compiled code: even the attempt to compile is a violation of the page's content
 * security policy. It must be imported before anything that makes a schema.
 */
import { config } from 'zod'

config({ jitless: true })
