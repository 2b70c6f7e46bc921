/** Says exactly what to install where the native addon has to be compiled and something for it is missing. */

/** @typedef {'python3' | 'make' | 'compiler' | 'headers'} Tool */

const NAMES = { python3: 'Python 3', make: 'make', compiler: 'a C++ compiler', headers: "Node's headers" }

/** @type {Record<'debian' | 'fedora' | 'alpine', { install: string, packages: Record<Exclude<Tool, 'headers'>, string> }>} */
const PACKAGES = {
  debian: { install: 'sudo apt-get install -y', packages: { python3: 'python3', make: 'make', compiler: 'g++' } },
  fedora: { install: 'sudo dnf install -y', packages: { python3: 'python3', make: 'make', compiler: 'gcc-c++' } },
  alpine: { install: 'sudo apk add', packages: { python3: 'python3', make: 'make', compiler: 'g++' } },
}

/**
 * @param {object} situation
 * @param {string} situation.addon name and version
 * @param {readonly Tool[]} situation.missing
 * @param {NodeJS.Platform} situation.platform
 * @param {string} situation.distribution words of ID and ID_LIKE on Linux
 * @param {string} situation.nodeVersion
 */
export function installAdvice({ addon, missing, platform, distribution, nodeVersion }) {
  const lines = [
    `${addon} has to be compiled here: its prebuilt binary cannot be downloaded, and ${list(missing.map((tool) => NAMES[tool]))} ${missing.length === 1 ? 'is' : 'are'} missing.`,
  ]
  const tools = missing.filter((tool) => tool !== 'headers')
  if (tools.length > 0) lines.push('', ...toolAdvice(tools, platform, distribution))
  if (missing.includes('headers')) {
    lines.push(
      '',
      `Node's headers: they come with the official archives of https://nodejs.org (folder include/node). This Node ${nodeVersion} was installed without them and they cannot be downloaded.`,
      `Install Node ${nodeVersion} from such an archive, or set npm_config_nodedir to a folder that holds include/node of Node ${nodeVersion}.`,
    )
  }
  lines.push('', 'Then run the command again.')
  return lines.join('\n')
}

/** @param {readonly Exclude<Tool, 'headers'>[]} tools @param {NodeJS.Platform} platform @param {string} distribution */
function toolAdvice(tools, platform, distribution) {
  if (platform === 'darwin') return ['Install the command line tools of Xcode, which hold all of them:', '', '  xcode-select --install']
  if (platform === 'win32') {
    return [
      'Install the build tools of Visual Studio with the workload "Desktop development with C++", and Python:',
      '',
      '  winget install Microsoft.VisualStudio.2022.BuildTools --override "--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"',
      '  winget install Python.Python.3.13',
    ]
  }
  const words = distribution.split(/\s+/)
  const known = /** @type {const} */ (['debian', 'fedora', 'alpine']).find((name) => words.includes(name) || (name === 'debian' && words.includes('ubuntu')) || (name === 'fedora' && words.includes('rhel')))
  const families = known === undefined ? /** @type {const} */ (['debian', 'fedora']) : [known]
  return [
    'Install what is missing:',
    '',
    ...families.map((family) => `  ${PACKAGES[family].install} ${tools.map((tool) => PACKAGES[family].packages[tool]).join(' ')}${families.length > 1 ? `    (${family === 'debian' ? 'Debian, Ubuntu' : 'Fedora'})` : ''}`),
  ]
}

/** @param {readonly string[]} items */
function list(items) {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
