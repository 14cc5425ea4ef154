import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { whenLoggedOut } from './api/client'
import { loginFor, router } from './router'
import { useSession } from './stores/session'
import { useSettings } from './stores/settings'
import './styles/tokens.css'
import './styles/base.css'
import { words } from './words'

const app = createApp(App)
app.use(createPinia())
app.use(words)

// Theme and type size stand before anything is drawn.
useSettings()

whenLoggedOut(() => {
  const here = router.currentRoute.value
  void useSession().forget()
  if (!here.meta.open) void router.replace(loginFor(here))
})

// A new release may have taken a part away while this page was open: load the page again, but once only.
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('weiting.reloaded') ?? 0)
  if (Date.now() - last < 30_000) return
  event.preventDefault()
  sessionStorage.setItem('weiting.reloaded', String(Date.now()))
  window.location.reload()
})

app.use(router)
app.mount('#app')
