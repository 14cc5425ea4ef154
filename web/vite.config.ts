import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { type Plugin, defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const server = 'http://127.0.0.1:8080'

/**
 * vue-i18n reads one name from Vue's whole namespace by a computed key, which keeps all of Vue in the bundle
 * (hydration, Suspense, transitions: 15 KiB gzip). Vue 3.5 has no such name, so only the fallback is left.
 */
function leanI18n(): Plugin {
  const wanted = [
    ["import * as Vue from 'vue';", "import { getCurrentInstance as vueCurrentInstance } from 'vue';"],
    [/if \(key in Vue\) \{\s*return Vue\[key\];\s*\}\s*else \{\s*return Vue\.getCurrentInstance\(\);\s*\}/, 'return vueCurrentInstance();'],
  ] as const
  return {
    name: 'lean-i18n',
    apply: 'build',
    transform(code, id) {
      if (!/[\\/]vue-i18n[\\/]dist[\\/]vue-i18n\.mjs$/.test(id)) return
      let lean = code
      for (const [from, to] of wanted) {
        const next = lean.replace(from, to)
        if (next === lean) this.error('vue-i18n has changed: look at leanI18n in vite.config.ts again')
        lean = next
      }
      return { code: lean, map: null }
    },
  }
}

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    // Components are written with the composition API only.
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    // Only the composition API of vue-i18n is used; the rest is dropped from the bundle.
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  plugins: [
    vue(),
    leanI18n(),
    VitePWA({
      registerType: 'prompt',
      strategies: 'generateSW',
      // Registered from main.ts, because an injected inline script would break the content security policy.
      injectRegister: false,
      includeAssets: ['icon.svg', 'icon-192.png'],
      includeManifestIcons: false,
      manifest: {
        name: '微法庭',
        short_name: '微法庭',
        description: '在线诉讼服务平台',
        lang: 'zh-CN',
        id: '/',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        theme_color: '#1B4F9C',
        background_color: '#F2F4F8',
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        // Only the program's own files are kept. Case data is never cached: there is no runtimeCaching.
        globPatterns: ['**/*.{js,css,html,svg,wasm}'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/api\b/, /^\/files\b/, /^\/sim\b/, /^\/healthz\b/, /^\/readyz\b/],
        cleanupOutdatedCaches: true,
        // What comes by push, and a tap on it: public/push-sw.js.
        importScripts: ['/push-sw.js'],
      },
    }),
  ],
  server: {
    // The texts of catalog/ lie beside this folder.
    fs: { allow: ['..'] },
    proxy: {
      '/api': { target: server, ws: true },
      '/files': server,
      '/sim': server,
    },
  },
  build: {
    target: 'es2020',
    manifest: true,
    // Everything stays a file of its own, so that no data: address is needed in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // The runtime changes rarely; its own file stays in the browser's cache over releases.
          groups: [
            { name: 'runtime', test: /node_modules[\\/](@vue|vue|vue-router|pinia|vue-i18n|@intlify)[\\/]/ },
            // One file each for what the room and other pages load together: many small ones cost the room more than they save.
            { name: 'files', test: /src[\\/](outbox[\\/](?!useAttachments)|uploads[\\/](kind|parts|sha256)\.ts)|node_modules[\\/]idb[\\/]/, includeDependenciesRecursively: false },
            { name: 'sheets', test: /src[\\/]room[\\/](AdmitSheet|Call(Card|Result|Sheet)|DeedsMenu|Location(Card|Sheet)|MemberSheet|ReceiptSheet|SittingSheets|VideoDialog)\.vue/, includeDependenciesRecursively: false },
            { name: 'home-icons', test: /@lucide[\\/]vue[\\/].*[\\/](badge-check|book-open-text|calendar-clock|calendar-plus|chevron-right|circle-alert|circle-check|clock|handshake|messages-square|repeat-2|search|search-x|video)\.(m?js)$/, includeDependenciesRecursively: false },
            { name: 'icons', test: /@lucide[\\/]vue[\\/].*[\\/](arrow-down|camera|check|chevron-left|external-link|file-spreadsheet|file-text|gavel|keyboard|map-pin|notebook-pen|phone|shield-check|trash-2|users-round)\.(m?js)$/, includeDependenciesRecursively: false },
            { name: 'dossier', test: /src[\\/](room[\\/])?dossier[\\/]/, includeDependenciesRecursively: false },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
})
