/** Which laws can be looked up here: asked once, so that citations know whether they lead anywhere. */
import { shallowRef } from 'vue'
import { type Citation, type Law, getLaws } from './api'

const laws = shallowRef<Law[] | null>(null)
let asked: Promise<void> | null = null

export function useLoadedLaws() {
  asked ??= getLaws()
    .then((answer) => void (laws.value = answer.laws))
    .catch(() => void (asked = null))
  return laws
}

/** The page of an article. */
export function articlePath(code: string, version: string, article?: string | number | null): string {
  const place = article === null || article === undefined || article === '' ? '' : `/${encodeURIComponent(String(article))}`
  return `/laws/${encodeURIComponent(code)}${place}?version=${encodeURIComponent(version)}`
}

/** Where a citation leads: to the very version that it cites, and nowhere when that is not loaded. */
export function citationPath(citation: Citation, loaded: readonly Law[] | null): string | null {
  const there = loaded?.some((law) => law.code === citation.instrument && law.version === citation.version)
  return there ? articlePath(citation.instrument, citation.version, citation.article) : null
}
