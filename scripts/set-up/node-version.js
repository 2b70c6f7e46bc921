/** Decides whether this Node can run the workspace. */

const WANTED = 'Node 20.19 or newer in the 20 line, or 22.12 and newer (22 or 24 recommended)'

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} what is wrong and what to do, or undefined when it fits
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
  if (fits) return undefined
  return `This is Node ${version}; Bourse needs ${WANTED}.\nInstall one from https://nodejs.org or with your version manager (for example "nvm install 22"), then run the command again.`
}
