/** What is wrong with a file that is to be replayed, in words for the person who gave it. */

export class ReplayError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ReplayError'
  }
}

/** Names the file and the line, shows the beginning of the line and says what was expected. */
export function lineError(file: string, line: number, text: string, expected: string): ReplayError {
  const shown = text.length > 120 ? `${text.slice(0, 120)}...` : text
  return new ReplayError(`${file}, line ${line}: ${expected}\n  ${shown}`)
}
