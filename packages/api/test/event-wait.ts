/** Waits for something that events bring about, without a clock of its own. */

/** Resolves with the first value that `check` finds; asks again whenever `changed` is called. */
export class Expectation<Value> {
  private readonly found: Promise<Value>
  private settle: (value: Value) => void = () => undefined

  constructor(private readonly check: () => Value | undefined) {
    this.found = new Promise((resolve) => {
      this.settle = resolve
    })
  }

  changed(): void {
    const value = this.check()
    if (value !== undefined) this.settle(value)
  }

  get value(): Promise<Value> {
    this.changed()
    return this.found
  }
}
