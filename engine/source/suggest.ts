/** The candidate that the word was most likely meant to be; none when nothing is close. Case counts for nothing, `_` and `-` are alike. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  return closeOnes(word, candidates, 1)[0];
}

/** The candidates close to the word, the closest first, at most `limit` of them. */
export function closeOnes(word: string, candidates: Iterable<string>, limit = 3): readonly string[] {
  const plainWord = plain(word);
  const close: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (candidate === word || candidate === '') continue;
    const plainCandidate = plain(candidate);
    const bound = allowedDistance(plainWord, plainCandidate);
    if (Math.abs(plainWord.length - plainCandidate.length) > bound) continue;
    const distance = editDistance(plainWord, plainCandidate);
    if (distance <= bound) close.push({ candidate, distance });
  }
  // The sort is stable: among equals, the order of the candidates stands.
  return close
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(one => one.candidate);
}

/** `did you mean “x”?` for the closest candidate, as a diagnostic's hint. */
export function didYouMeanHint(word: string, candidates: Iterable<string>): string | undefined {
  const candidate = didYouMean(word, candidates);
  return candidate === undefined ? undefined : `did you mean “${candidate}”?`;
}

/** Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, replacements and swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

function allowedDistance(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  if (length <= 2) return 0;
  return length <= 5 ? 1 : length <= 9 ? 2 : 3;
}
