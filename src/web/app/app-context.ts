/** Gives the shared model to every component. */
import { type Context, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { AppModel } from './app-model.ts'

export const AppContext: Context<AppModel | null> = createContext<AppModel | null>(null)

export function useApp(): AppModel {
  const app = useContext(AppContext)
  if (app === null) throw new Error('A component stands outside of AppContext.')
  return app
}
