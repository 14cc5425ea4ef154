// The app on the home screen: installable, opens without a network, and keeps nothing of a case.
import { SALE, plaintiffAgent } from './support/people'
import { roomOf } from './support/court'
import { expect, test } from './support/test'

test('it can be installed, opens offline, and its caches hold the program alone', async ({ as }) => {
  const page = await as(plaintiffAgent, { serviceWorkers: 'allow' })
  await page.goto('/')
  await expect(page.getByText(SALE).first()).toBeVisible()
  const manifest = (await (await page.request.get((await page.locator('link[rel=manifest]').getAttribute('href'))!)).json()) as Record<string, unknown>
  expect(manifest).toMatchObject({ name: '微法庭', display: 'standalone', start_url: '/', lang: 'zh-CN' })
  for (const icon of manifest.icons as { src: string; type: string }[]) {
    const response = await page.request.get(icon.src)
    expect(response.status()).toBe(200)
    expect(response.headers()['content-type']).toContain(icon.type)
  }
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))

  const browser = await page.context().newCDPSession(page)
  const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors')
  // A test's window is a private one, where nothing is installed; nothing else may be in the way.
  expect(installabilityErrors.map((one) => one.errorId).filter((one) => one !== 'in-incognito')).toEqual([])

  // Everything that a person looks at is asked for through the worker.
  await page.reload()
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  await page.goto(`/rooms/${(await roomOf(page, SALE)).id}`)
  await expect(page.getByRole('article').first()).toBeVisible()
  await page.goto('/cases')
  await expect(page.getByText(SALE).first()).toBeVisible()

  const kept = await page.evaluate(async () => {
    const all: string[] = []
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) all.push(new URL(request.url).pathname)
    return all
  })
  expect(kept.length).toBeGreaterThan(20)
  expect(kept).toContain('/index.html')
  expect(kept.filter((path) => /^\/(api|files|sim)\b/.test(path))).toEqual([])

  await page.context().setOffline(true)
  await page.goto('/messages')
  await expect(page.getByText('没有加载成功')).toBeVisible()
  await page.context().setOffline(false)
  // It comes back by itself.
  await expect(page.getByText(SALE).first()).toBeVisible({ timeout: 20_000 })
})

test('what must be fresh is asked for anew, what never changes is kept', async ({ request }) => {
  for (const path of ['/', '/index.html', '/sw.js', '/manifest.webmanifest', '/rooms/anything']) {
    const response = await request.get(path)
    expect(response.status(), path).toBe(200)
    expect(response.headers()['cache-control'], path).toBe('no-cache')
  }
  const script = /\/assets\/index-[\w-]+\.js/.exec(await (await request.get('/')).text())![0]
  expect((await request.get(script)).headers()['cache-control']).toContain('immutable')
  expect((await request.get('/assets/missing.js')).status()).toBe(404)
  expect((await request.get('/api/me')).headers()['cache-control']).toBe('no-store')
})
