/** The devices that a person has logged in from: a new one is told by mail. */
import type { Knex } from 'knex'
import { isToken, newToken, tokenHash, type RandomBytes } from '../tokens.js'
import { deviceLabel } from './device-label.js'

/** Where a log-in comes from. */
export interface SessionOrigin {
  readonly address: string
  readonly userAgent?: string | undefined
  /** The secret of the browser's device cookie. */
  readonly deviceToken?: string | undefined
  /** A browser keeps a cookie and is known by it; a program by its name and address. */
  readonly fromPage?: boolean
}

export interface Device {
  readonly deviceId: string
  readonly label: string
  readonly lastAddress: string
  readonly firstSeenMs: number
  readonly lastSeenMs: number
}

export interface RecognisedDevice {
  readonly deviceId: string
  readonly isNew: boolean
  /** What the browser keeps from now on. */
  readonly deviceToken: string | undefined
}

/** Over the bound the one that was not seen for longest is forgotten. */
const MAX_DEVICES = 50

interface DeviceRow {
  user_id: string
  device_id: string
  label: string
  last_address: string
  first_seen_ms: bigint | number | string
  last_seen_ms: bigint | number | string
}

export async function recogniseDevice(trx: Knex.Transaction, userId: string, { origin, nowMs, randomBytes }: { origin: SessionOrigin; nowMs: number; randomBytes: RandomBytes }): Promise<RecognisedDevice> {
  const kept = origin.deviceToken !== undefined && isToken(origin.deviceToken) ? origin.deviceToken : undefined
  const deviceToken = origin.fromPage === true ? (kept ?? newToken(randomBytes)) : kept
  const deviceId = tokenHash(deviceToken ?? `${userId}\n${origin.userAgent ?? ''}\n${origin.address}`)
  const seen = { last_address: origin.address, last_seen_ms: nowMs }
  const known = await trx('devices').where({ user_id: userId, device_id: deviceId }).update(seen)
  if (known > 0) return { deviceId, isNew: false, deviceToken }
  await trx('devices').insert({ user_id: userId, device_id: deviceId, label: deviceLabel(origin.userAgent ?? ''), first_seen_ms: nowMs, ...seen }).onConflict(['user_id', 'device_id']).ignore()
  const older = await trx<DeviceRow>('devices').where({ user_id: userId }).orderBy('last_seen_ms', 'desc').offset(MAX_DEVICES).limit(MAX_DEVICES)
  for (const row of older) await trx('devices').where({ user_id: userId, device_id: row.device_id }).delete()
  return { deviceId, isNew: true, deviceToken }
}

export async function listDevices(knex: Knex, userId: string): Promise<Device[]> {
  const rows = await knex<DeviceRow>('devices').where({ user_id: userId }).orderBy('last_seen_ms', 'desc')
  return rows.map((row) => ({ deviceId: row.device_id, label: row.label, lastAddress: row.last_address, firstSeenMs: Number(row.first_seen_ms), lastSeenMs: Number(row.last_seen_ms) }))
}
