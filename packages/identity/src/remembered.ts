/** Remembers for a moment what look-ups gave, so that whoever comes often does not wait for the database. */

export interface RememberedOptions<Value> {
  /** What is not there is not remembered: made-up names must not push real ones out. */
  lookUp(name: string): Promise<Value | undefined>
  /** Milliseconds since 1970. */
  now(): number
  /** A change that nobody told of is noticed after this long. */
  readonly forMs: number
  readonly most: number
}

export class Remembered<Value> {
  private readonly known = new Map<string, { readonly value: Value; readonly sinceMs: number }>()
  private readonly lookUps = new Map<string, Promise<Value | undefined>>()
  /** Counts what was forgotten: a look-up that began before is not remembered. */
  private forgotten = 0

  constructor(private readonly options: RememberedOptions<Value>) {}

  /** A promise only where the database must be asked. */
  get(name: string): Value | undefined | Promise<Value | undefined> {
    const { now, forMs } = this.options
    const known = this.known.get(name)
    const ageMs = known === undefined ? Infinity : now() - known.sinceMs
    if (known === undefined || ageMs >= forMs) return this.look(name)
    // Who is here all the time is looked up again before that time is over, and waits for nothing.
    if (ageMs >= forMs / 2) this.look(name).catch(() => undefined)
    return known.value
  }

  forget(name: string): void {
    this.forgetAll((_, known) => known === name)
  }

  forgetAll(concerned: (value: Value, name: string) => boolean): void {
    this.forgotten++
    this.lookUps.clear()
    for (const [name, { value }] of this.known) if (concerned(value, name)) this.known.delete(name)
  }

  /** Those who ask at the same time share one look-up. */
  private look(name: string): Promise<Value | undefined> {
    const under = this.lookUps.get(name)
    if (under !== undefined) return under
    const look = this.ask(name).finally(() => {
      if (this.lookUps.get(name) === look) this.lookUps.delete(name)
    })
    this.lookUps.set(name, look)
    return look
  }

  private async ask(name: string): Promise<Value | undefined> {
    const { forgotten } = this
    const sinceMs = this.options.now()
    const value = await this.options.lookUp(name)
    if (forgotten !== this.forgotten) return value
    this.known.delete(name)
    if (value === undefined) return undefined
    if (this.known.size >= this.options.most) this.known.delete(this.known.keys().next().value!)
    this.known.set(name, { value, sinceMs })
    return value
  }
}
