/** Texts that come with the part of the app that uses them, so that the first screen need not wait for them. */
import { words } from '.'

export function addWords(more: Record<string, unknown>): void {
  words.global.mergeLocaleMessage('zh-CN', more)
}
