/** The browser's storage, or null where the person has forbidden it. */
export function browserStorage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}
