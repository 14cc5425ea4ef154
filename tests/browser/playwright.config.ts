// The program in real browsers: Chromium as the distribution has it, one court for the whole run, one test at a time.
import { homedir } from 'node:os'
import path from 'node:path'
import { defineConfig } from '@playwright/test'

const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache')

/** A phone as most people have it. */
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }
/** A small desk. */
const desktop = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 }

export default defineConfig({
  testDir: '.',
  outputDir: path.join(cache, 'weiting', 'browser'),
  globalSetup: './support/setup.ts',
  // Two cores: the program, the browser and the tests share them.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  // On a machine that others share a page may be slow once; a later pass is reported as flaky, never as passed in silence.
  retries: process.env.CI ? 2 : 0,
  reporter: 'list',
  use: {
    locale: 'zh-CN',
    // The court's times are Beijing's whatever the device says; this device says something else.
    timezoneId: 'Europe/Lisbon',
    serviceWorkers: 'block',
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
    },
  },
  projects: [
    { name: 'phone', use: phone, testMatch: /(login|a11y|keyboard|pwa|security|newcomer|matters|messages|cases|search|members|plus|dossier|proof|reckon|tools|esign|transcript|verify|agency|consent|office)\.spec\.ts/ },
    { name: 'desktop', use: desktop, testMatch: /(a11y|keyboard|matters|messages|cases|search|members|plus|judge|dossier|proof|tools|office)\.spec\.ts/ },
    // Four people on four devices; the contexts are made by the test.
    { name: 'sitting', use: desktop, testMatch: /(sitting|call)\.spec\.ts/ },
    // Pictures of the real app for the README: only when asked for.
    ...(process.env.WEITING_SCREENS ? [{ name: 'screens', use: desktop, testMatch: /screens\.shot\.ts/ }] : []),
  ],
})
