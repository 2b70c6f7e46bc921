/** The desk that is on the screen, for the menu that changes it from outside. */
import type { DockviewApi } from 'dockview-react'
import { createStore } from 'zustand/vanilla'

export const deskControl = createStore<{ readonly api: DockviewApi | null; readonly open: readonly string[] }>(() => ({ api: null, open: [] }))
