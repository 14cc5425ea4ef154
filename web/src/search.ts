// Plain search in what is already loaded: case numbers, names, causes.

/** Full-width and half-width forms, letter case and spaces make no difference: （2026）沪 finds (2026)沪. */
const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/[\s〔〕[\]【】()]/g, '')

/** Every word of the query stands in one of the fields. An empty query matches all. */
export function matches(query: string, fields: readonly (string | null | undefined)[]): boolean {
  const hay = fields.map((field) => plain(field ?? ''))
  return query
    .trim()
    .split(/\s+/)
    .map(plain)
    .filter((word) => word !== '')
    .every((word) => hay.some((field) => field.includes(word)))
}
