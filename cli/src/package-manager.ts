/** Which package manager runs create-exchange, and how it is told to install and to run a script. */

export const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const
export type PackageManager = (typeof PACKAGE_MANAGERS)[number]

/**
 * Reads the user agent that package managers leave in `npm_config_user_agent`, such as `pnpm/10.1.0 npm/? node/v20.20.2 linux x64`.
 *
 * @returns npm where nothing else is said
 */
export function detectPackageManager(userAgent: string | undefined): PackageManager {
  const name = userAgent?.split('/')[0]
  return PACKAGE_MANAGERS.find((manager) => manager === name) ?? 'npm'
}

/** `npm start`, `bun run start` */
export function runScript(manager: PackageManager, script: string): string {
  if (manager === 'npm' && script === 'start') return 'npm start'
  return manager === 'yarn' || manager === 'pnpm' ? `${manager} ${script}` : `${manager} run ${script}`
}

/** `npx exchange status`: a command of an installed package. */
export function runBinary(manager: PackageManager, command: string): string {
  return { npm: `npx ${command}`, pnpm: `pnpm exec ${command}`, yarn: `yarn ${command}`, bun: `bunx ${command}` }[manager]
}
