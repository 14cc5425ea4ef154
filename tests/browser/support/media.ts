// Files as people send them, made for the test: nothing is downloaded and nothing is kept in the repository.
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface Made {
  path: string
  name: string
  size: number
  sha256: string
}

/** Where a file of the run is. */
export const at = (name: string) => path.join(process.env.WEITING_FOLDER!, name)

/** A file of the run's folder, as it is now. */
export function made(name: string): Made {
  const file = at(name)
  const bytes = readFileSync(file)
  return { path: file, name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args])
/** A JPEG as a telephone makes it: a picture with detail all over. */
export function photo(name: string, width: number, height: number): Made {
  ffmpeg('-f', 'lavfi', '-i', `mandelbrot=size=${width}x${height}:start_scale=0.6`, '-frames:v', '1', '-q:v', '3', at(name))
  return made(name)
}

/** An MP4 as a telephone makes it: H.264 and AAC, a little over `megabytes` long so that it goes up in several parts. */
export function film(name: string, seconds: number, megabytes: number): Made {
  const rate = `${Math.ceil((megabytes * 8 * 1024) / seconds)}k`
  ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc2=size=640x480:rate=15:duration=${seconds}`, '-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
    ...['-vf', 'noise=alls=40:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate],
    ...['-x264-params', 'nal-hrd=cbr', '-pix_fmt', 'yuv420p', '-g', '15', '-c:a', 'aac', '-movflags', '+faststart', at(name)],
  )
  return made(name)
}

/** A PDF of one page, printed by the browser itself. */
export async function pdf(page: { pdf(options: { path: string }): Promise<unknown>; setContent(html: string): Promise<void> }, name: string): Promise<Made> {
  await page.setContent('<html lang="zh-CN"><h1>收货验收单</h1><p>外包装破损，详见照片。</p></html>')
  await page.pdf({ path: at(name) })
  return made(name)
}

/** A Word document of one page, as any office program writes it: the smallest that all of them read. */
export function docx(name: string, words: readonly string[]): Made {
  const paragraphs = words.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join('')
  const parts = {
    '[Content_Types].xml':
      '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraphs}</w:body></w:document>`,
  }
  const script = 'import json,sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],"w",zipfile.ZIP_DEFLATED) as z:\n for n,t in json.load(sys.stdin).items(): z.writestr(n,t)'
  execFileSync('python3', ['-c', script, at(name)], { input: JSON.stringify(parts) })
  return made(name)
}
