/** Starts the page. */
import { render } from 'preact'
import './styles/tokens.css'
import './styles/base.css'
import './ui/controls.css'
import { App } from './app/app.tsx'
import { AppContext } from './app/app-context.ts'
import { createAppModel } from './app/app-model.ts'

const root = document.getElementById('app')
if (root !== null) {
  render(
    <AppContext.Provider value={createAppModel()}>
      <App />
    </AppContext.Provider>,
    root,
  )
}
