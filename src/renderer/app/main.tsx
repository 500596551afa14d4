import '@fontsource-variable/inter/wght.css'
import '@/ui/tokens.css'
import '@/ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { useToasts } from '@/ui/toast-store'
import { App } from './App'
import { startRenderer } from './start'
import { describeProblem, studioClient } from './studio-client'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

startRenderer(studioClient()).catch((error: unknown) => {
  useToasts.getState().show('problem', describeProblem(error).message)
})
