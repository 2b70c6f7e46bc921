/** Counts work that has begun and not ended, so that whoever shuts down can wait for it. */

export class InFlight {
  private waiters: (() => void)[] = []
  private current = 0

  get count(): number {
    return this.current
  }

  /** Counts one more; returns the function that counts it out, which may be called again without harm. */
  enter(): () => void {
    this.current++
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.current--
      if (this.current === 0) for (const resolve of this.waiters.splice(0)) resolve()
    }
  }

  /** Resolves when nothing is left, or after a while; tells whether nothing is left. */
  async idle(withinMs: number): Promise<boolean> {
    if (this.current === 0) return true
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([new Promise<void>((resolve) => this.waiters.push(resolve)), tooLate])
    clearTimeout(timer)
    return this.current === 0
  }
}
