// `test` of this folder: pages that know who they belong to, and that report what must never happen on any page: a
// violation of the content security policy, an exception that nobody caught.
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, test as base, devices } from '@playwright/test'
import { type Person, sessionOf } from './people'

export { devices }
export { expect } from '@playwright/test'

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } }

interface Fixtures {
  /** A page of this person, logged in. Without options it is the project's device. */
  as(person: Person, options?: BrowserContextOptions): Promise<Page>
  /** A page of somebody who is not logged in. */
  stranger(options?: BrowserContextOptions): Promise<Page>
  /** What went wrong on any page; a test that expects something takes it out. */
  mishaps: string[]
}

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => use(process.env.WEITING_URL),

  mishaps: [
    async ({}, use) => {
      const mishaps: string[] = []
      await use(mishaps)
      if (mishaps.length > 0) throw new Error(`On a page, unexpectedly:\n${[...new Set(mishaps)].join('\n')}`)
    },
    { auto: true },
  ],

  context: async ({ context, mishaps }, use) => {
    await watch(context, mishaps)
    await use(context)
  },

  stranger: async ({ browser, contextOptions, mishaps }, use) => {
    const opened: BrowserContext[] = []
    await use((options) => open(browser, opened, { ...contextOptions, ...options }, mishaps))
    for (const context of opened) await context.close()
  },

  as: async ({ browser, contextOptions, mishaps }, use) => {
    const opened: BrowserContext[] = []
    await use(async (person, options) => {
      const storageState = await sessionOf(browser, person)
      return open(browser, opened, { ...contextOptions, ...options, storageState }, mishaps)
    })
    for (const context of opened) await context.close()
  },
})

async function open(browser: Browser, opened: BrowserContext[], options: BrowserContextOptions, mishaps: string[]): Promise<Page> {
  const context = await browser.newContext(options)
  opened.push(context)
  await watch(context, mishaps)
  return context.newPage()
}

async function watch(context: BrowserContext, mishaps: string[]): Promise<void> {
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
    })
  })
  context.on('weberror', (error) => mishaps.push(`exception: ${error.error().stack ?? error.error().message}`))
  context.on('console', (message) => {
    if (/CSP violation|Content Security Policy/.test(message.text())) mishaps.push(message.text())
  })
}
