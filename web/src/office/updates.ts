/** 版本更新公告, as `catalog/updates.md` has them: the newest first. */
import text from '../../../catalog/updates.md?raw'

export interface Release {
  version: string
  day: string
  title: string
  points: string[]
}

export function readReleases(markdown: string): Release[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [head = '', ...lines] = part.split('\n')
      const [version = '', day = ''] = head.trim().split(' ')
      const said = lines.map((line) => line.trim()).filter((line) => line !== '')
      return { version, day, title: said.find((line) => !line.startsWith('- ')) ?? '', points: said.filter((line) => line.startsWith('- ')).map((line) => line.slice(2)) }
    })
}

export const releases = readReleases(text)

// On this device: what somebody has read of the program's news is nothing that the court need know.
const SEEN = 'weiting.updates.seen'

/** Whether the newest one has not been opened on this device. */
export function unreadUpdates(): boolean {
  try {
    return releases.length > 0 && localStorage.getItem(SEEN) !== releases[0]!.version
  } catch {
    return false
  }
}

export function markUpdatesRead(): void {
  try {
    if (releases[0]) localStorage.setItem(SEEN, releases[0].version)
  } catch {
    // A device that keeps nothing shows the dot again.
  }
}
