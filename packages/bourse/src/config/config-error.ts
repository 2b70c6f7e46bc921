/** A configuration that cannot be used, with every reason at once. */
export class ConfigError extends Error {
  readonly code = 'invalid_configuration'
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(`${file} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}
