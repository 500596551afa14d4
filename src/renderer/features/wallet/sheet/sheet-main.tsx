import '@fontsource-variable/inter/wght.css'
import '@/ui/tokens.css'
import '@/ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { SheetApp } from './SheetApp'
import { listenForEngine } from './sheet-store'
import './sheet.css'

listenForEngine(window)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SheetApp />
  </StrictMode>,
)
