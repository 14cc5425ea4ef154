/** Web push on this device: the browser's own subscription, and the court's note of it. */
import { dropPush, pushState, putPush } from '@/api/court'

/** `on` and `off` can be changed here; the others say why there is none. */
export type PushStanding = 'on' | 'off' | 'denied' | 'unsupported' | 'unavailable'

const possible = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

/** How it stands. */
export async function standing(): Promise<PushStanding> {
  const { key, on } = await pushState()
  if (key === null) return 'unavailable'
  // In development and in a first visit there may be no worker (yet).
  const worker = possible() ? await navigator.serviceWorker.getRegistration() : undefined
  if (!worker) return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  const subscribed = await worker.pushManager.getSubscription()
  return on && subscribed ? 'on' : 'off'
}

/** Asks the person, then the browser, then the court. Throws when one of them does not want. */
export async function startPush(): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') return
  const { key } = await pushState()
  const worker = await navigator.serviceWorker.getRegistration()
  if (!key || !worker) return
  const known = await worker.pushManager.getSubscription()
  // Made under another key it would take messages from nobody.
  await known?.unsubscribe()
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) })
  const { endpoint, keys } = made.toJSON()
  await putPush({ endpoint: endpoint ?? '', keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } }).catch(async (error: unknown) => {
    await made.unsubscribe()
    throw error
  })
}

/** Tells the court first: whatever the browser does then, nothing is sent any more. */
export async function stopPush(): Promise<void> {
  await dropPush()
  const worker = await navigator.serviceWorker.getRegistration()
  await (await worker?.pushManager.getSubscription())?.unsubscribe()
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}
