/** Which pieces of a text are what was looked for, under the server's own rule: width and case make no difference. */

export interface Piece {
  text: string
  hit: boolean
}

/** As the server folds: compatibility forms resolved, lower case. Character by character, so that each keeps its place. */
const folded = (char: string) => char.normalize('NFKC').toLowerCase().normalize('NFKC')

/** Characters before the first hit in a row of a list; more are left out, so that the hit can be seen. */
const BEFORE = 24

/** The text in pieces, hits and what stands between them. */
export function marks(text: string, query: string): Piece[] {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '')
  const chars = [...text]
  let hay = ''
  /** For each place in the folded text the character that it came from. */
  const from: number[] = []
  chars.forEach((char, index) => {
    const plain = folded(char)
    hay += plain
    for (let i = 0; i < plain.length; i += 1) from.push(index)
  })
  const hit = new Array<boolean>(chars.length).fill(false)
  for (const word of words) {
    for (let at = hay.indexOf(word); at >= 0; at = hay.indexOf(word, at + 1)) {
      hit.fill(true, from[at], from[at + word.length - 1]! + 1)
    }
  }
  const pieces: Piece[] = []
  chars.forEach((char, index) => {
    const last = pieces.at(-1)
    if (last && last.hit === hit[index]) last.text += char
    else pieces.push({ text: char, hit: hit[index]! })
  })
  return pieces
}

/** The same for one row of a list: on one line, and beginning shortly before the first hit. */
export function markedLine(text: string, query: string): Piece[] {
  const pieces = marks(text.replace(/\s+/g, ' ').trim(), query)
  const first = pieces[0]
  if (!first || first.hit || pieces.length === 1) return pieces
  const chars = [...first.text]
  if (chars.length <= BEFORE) return pieces
  return [{ text: `…${chars.slice(-BEFORE).join('')}`, hit: false }, ...pieces.slice(1)]
}
