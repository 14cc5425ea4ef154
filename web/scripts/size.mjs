// The size budget: what the home screen and the room load first, gzip, against fixed limits.
// Reads the manifest that vite leaves in dist/.vite; exits 1 when a limit is passed.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

const HOME_LIMIT = 110 * 1024
const ROOM_LIMIT = 40 * 1024

/** The files that a chunk needs before it runs: itself, its static imports and their styles. */
function needs(key, seen = new Set(), files = new Set()) {
  if (seen.has(key)) return files
  seen.add(key)
  const chunk = manifest[key]
  if (!chunk) throw new Error(`not in the manifest: ${key}`)
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const next of chunk.imports ?? []) needs(next, seen, files)
  return files
}

const gzipped = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`

function report(title, files, limit) {
  let total = 0
  console.log(title)
  for (const file of [...files].sort()) {
    const size = gzipped(file)
    total += size
    console.log(`  ${kib(size).padStart(10)}  ${file}`)
  }
  const within = total <= limit
  console.log(`  ${kib(total).padStart(10)}  total, limit ${kib(limit)} ${within ? 'ok' : 'OVER'}\n`)
  return within
}

const home = new Set([...needs('index.html'), ...needs('src/home/HomePage.vue')])
const room = new Set([...needs('src/room/RoomPage.vue')].filter((file) => !home.has(file)))
const good = [report('home, first load (gzip)', home, HOME_LIMIT), report('room, on top of home (gzip)', room, ROOM_LIMIT)]
if (good.includes(false)) process.exit(1)
