import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startConnection } from './api'
import { connectToCore } from './api/connect'
import { App } from './app/App'
import { loadAhead } from './app/feature-chunks'
import { startNotices } from './app/notices'
import { startLook } from './app/use-look'
import { startStores } from './store/start'
import './ui/tokens.css'
import './ui/base.css'

void startLook()
startStores()
startNotices()
startConnection(connectToCore())

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )

void loadAhead()
