/** 信息更新 and 退出重启: what this device keeps of the app goes, and it is loaded anew. */

/** Drops the app's files that the browser keeps, and the helper that keeps them. What is not sent yet stays. */
export async function dropCaches(): Promise<void> {
  const dropped = async () => {
    if ('serviceWorker' in navigator) {
      const helpers = await navigator.serviceWorker.getRegistrations()
      await Promise.all(helpers.map((helper) => helper.unregister()))
    }
    if ('caches' in window) await Promise.all((await caches.keys()).map((name) => caches.delete(name)))
  }
  // A browser that refuses still loads the page anew.
  await dropped().catch(() => undefined)
}
