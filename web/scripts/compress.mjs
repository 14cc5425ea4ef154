// Writes a .gz and a .br beside every built file over 1 KiB, so that the server sends ready bytes.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const worth = /\.(js|css|html|svg|json|webmanifest|wasm|txt|map)$/

let count = 0
for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name)
  if (!worth.test(name) || !statSync(file).isFile()) continue
  const bytes = readFileSync(file)
  if (bytes.length <= 1024) continue
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  )
  count += 1
}
console.log(`compressed ${count} files`)
