// The part of the service worker that hears what comes by push. It is put beside the generated one by vite.config.ts.
//
// What comes holds no words of a case, only that there is something (see crates/inbox/src/tell.rs); so nothing more is ever shown.

const TITLE = '微庭'
const TEXT = '您有新的消息，请登录查看'

self.addEventListener('push', (event) => {
  event.waitUntil(show(read(event)))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data))
})

/** The notification's id if what came is what the court sends; a message that cannot be read is a message all the same. */
function read(event) {
  try {
    const told = event.data.json()
    return typeof told.id === 'string' && /^[0-9a-f-]{36}$/.test(told.id) ? told.id : null
  } catch {
    return null
  }
}

async function show(id) {
  // Sent twice it is shown once: the later one takes the place of the one with the same tag.
  await self.registration.showNotification(TITLE, { body: TEXT, tag: id ?? 'weiting', icon: '/icon-192.png', badge: '/icon-192.png', data: id })
}

async function open(id) {
  const path = `/messages?tab=notifications${id ? `#n-${id}` : ''}`
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const one of windows) {
    try {
      const shown = await one.focus()
      await shown.navigate(path)
      return
    } catch {
      // A window that this worker does not control cannot be led elsewhere; another one may.
    }
  }
  await self.clients.openWindow(path)
}
